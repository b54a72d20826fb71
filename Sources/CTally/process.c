#define _GNU_SOURCE
#include "CTally.h"

#include <malloc.h>
#include <sys/auxv.h>
#include <time.h>

// glibc exports it, no header declares it.
extern int __nss_configure_lookup(const char *database, const char *service_line);

static int64_t start_nanoseconds;

int64_t tally_process_start_nanoseconds(void) {
    return start_nanoseconds;
}

void tally_keep_freed_memory(void) {
    // 32 MiB is the most that glibc takes. Blocks below it come from the heap, which is not trimmed below 64 MiB.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
}

bool tally_is_static_executable(void) {
    // The kernel names the address of the dynamic loader, 0 when there is none.
    return getauxval(AT_BASE) == 0;
}

__attribute__((constructor(101))) static void tally_begin(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    start_nanoseconds = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;

    // A static glibc would dlopen the host's libnss_* modules named by the host's nsswitch.conf and abort on the
    // version mismatch; `files` and `dns` are built in.
    if (tally_is_static_executable()) {
        __nss_configure_lookup("hosts", "files dns");
        __nss_configure_lookup("passwd", "files");
        __nss_configure_lookup("group", "files");
        __nss_configure_lookup("services", "files");
        __nss_configure_lookup("networks", "files");
        __nss_configure_lookup("protocols", "files");
    }
}
