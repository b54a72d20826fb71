// Writes the open lines when the process crashes or exits. All that runs then is async-signal-safe.
#define _GNU_SOURCE
#include "lines.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// A template has the function's dimensions, at most 29 of 1.3 KB, and some KB beside.
enum { TEXT_LIMIT = 60 << 10, BUFFER_SIZE = 64 << 10, STACK_SIZE = 64 << 10 };

static const struct {
    int number;
    const char *name;
} signals[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"},
    {SIGTRAP, "SIGTRAP"}, {SIGABRT, "SIGABRT"}, {SIGFPE, "SIGFPE"},
};
enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

static struct sigaction previous[SIGNAL_COUNT];
static tally_ending ending;
static pid_t process;
static char stack[STACK_SIZE];

static _Atomic bool is_first_line_due;
static _Atomic int64_t init_duration;

// The thread that ends the process; the buffer is its own.
static _Atomic uintptr_t ender;
static _Atomic bool is_told;
static char buffer[BUFFER_SIZE];
static size_t count;
// One instant for all that a line says of the time of day.
static int64_t now;

// MARK: - Text

static void put(const char *bytes, size_t length) {
    if (length > BUFFER_SIZE - count) length = BUFFER_SIZE - count;
    memcpy(buffer + count, bytes, length);
    count += length;
}

static void put_text(const char *text) {
    put(text, strlen(text));
}

static void put_padded(int64_t value, int width) {
    char digits[20];
    int at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
        width--;
    } while (at > 0 && (value > 0 || width > 0));
    put(digits + at, sizeof(digits) - (size_t)at);
}

static void put_integer(int64_t value) {
    if (value < 0) put("-", 1);
    put_padded(value < 0 ? -value : value, 1);
}

static void put_milliseconds(int64_t nanoseconds) {
    int64_t microseconds = nanoseconds / 1000;
    if (microseconds < 0) put("-", 1);
    if (microseconds < 0) microseconds = -microseconds;
    put_padded(microseconds / 1000, 1);
    put(".", 1);
    put_padded(microseconds % 1000, 3);
}

// What came from a header, as content of a JSON string.
static void put_escaped(const char *bytes, size_t length) {
    for (size_t index = 0; index < length; index++) {
        unsigned char byte = (unsigned char)bytes[index];
        if (byte == '"' || byte == '\\') put("\\", 1);
        put(byte < ' ' || byte >= 127 ? "?" : bytes + index, 1);
    }
}

static void put_iso_time(int64_t milliseconds) {
    int64_t seconds = milliseconds / 1000, days = seconds / 86400, rest = seconds % 86400;
    // http://howardhinnant.github.io/date_algorithms.html#civil_from_days, for days after 1970
    int64_t shifted = days + 719468, era = shifted / 146097, day_of_era = shifted % 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    put_padded(year_of_era + era * 400 + (month <= 2 ? 1 : 0), 4);
    put("-", 1);
    put_padded(month, 2);
    put("-", 1);
    put_padded(day_of_year - (153 * shifted_month + 2) / 5 + 1, 2);
    put("T", 1);
    put_padded(rest / 3600, 2);
    put(":", 1);
    put_padded(rest / 60 % 60, 2);
    put(":", 1);
    put_padded(rest % 60, 2);
    put(".", 1);
    put_padded(milliseconds % 1000, 3);
    put("Z", 1);
}

static void put_member(const char *name, const char *bytes, size_t length) {
    put_text(",\"");
    put_text(name);
    put_text("\":\"");
    put_escaped(bytes, length);
    put("\"", 1);
}

// The id of a trace is the `Root` of its header.
static void put_trace(const tally_slot *slot) {
    static const char root[] = "Root=";
    const size_t length = sizeof(root) - 1;
    for (size_t start = 0; start + length < slot->trace_count; start++) {
        bool begins = start == 0 || slot->trace[start - 1] == ';' || slot->trace[start - 1] == ' ';
        if (!begins || memcmp(slot->trace + start, root, length) != 0) continue;
        size_t first = start + length, end = first;
        while (end < slot->trace_count && slot->trace[end] != ';') end++;
        put_member("traceId", slot->trace + first, end - first);
        return;
    }
}

// MARK: - Lines

typedef struct {
    const char *outcome, *cause;
    int status;
} tally_cause;

static void put_field(uint8_t field, tally_slot *slot, const tally_cause *cause, bool is_first) {
    switch (field) {
    case TALLY_FIELD_TIMESTAMP: put_integer(now / 1000000); return;
    case TALLY_FIELD_ISO_TIMESTAMP: put_iso_time(now / 1000000); return;
    case TALLY_FIELD_REQUEST: put_escaped(slot->request, slot->request_count); return;
    case TALLY_FIELD_TRACE_AND_TENANT:
        put_trace(slot);
        if (slot->tenant_count > 0) put_member("tenantId", slot->tenant, slot->tenant_count);
        return;
    case TALLY_FIELD_OUTCOME: put_text(cause->outcome); return;
    case TALLY_FIELD_CAUSE:
        put_text(cause->cause);
        if (cause->status < 0) return;
        put("(", 1);
        put_integer(cause->status);
        put(")", 1);
        return;
    case TALLY_FIELD_COLD_START: put_integer(is_first && ending.is_cold); return;
    case TALLY_FIELD_INIT_DURATION: put_milliseconds(init_duration); return;
    case TALLY_FIELD_HANDLER_DURATION: put_milliseconds(tally_nanoseconds(CLOCK_MONOTONIC) - slot->opened); return;
    case TALLY_FIELD_REMAINING_TIME: put_milliseconds(slot->deadline - now); return;
    default: break;
    }
    unsigned service = (field - TALLY_FIELD_FIRST_SERVICE) / 2;
    if (service >= TALLY_SERVICE_COUNT) return;
    if ((field - TALLY_FIELD_FIRST_SERVICE) % 2 == 0) {
        put_milliseconds(slot->durations[service]);
    } else {
        put_integer(slot->calls[service]);
    }
}

static void put_template(tally_text text, tally_slot *slot, const tally_cause *cause, bool is_first) {
    for (size_t index = 0; index < text.count; index++) {
        uint8_t byte = text.bytes[index];
        if (byte >= ' ' || byte == '\n') {
            put((const char *)&byte, 1);
        } else {
            put_field(byte, slot, cause, is_first);
        }
    }
}

static void write_all(void) {
    size_t written = 0;
    unsigned waits = 0;
    while (written < count) {
        ssize_t result = write(ending.descriptor, buffer + written, count - written);
        if (result > 0) {
            written += (size_t)result;
        } else if (result < 0 && errno == EAGAIN && waits++ < 10) {
            struct pollfd descriptor = {.fd = ending.descriptor, .events = POLLOUT};
            poll(&descriptor, 1, 100);
        } else if (result == 0 || errno != EINTR) {
            return;
        }
    }
}

static void write_line(tally_slot *slot, const tally_cause *cause) {
    bool is_first = atomic_exchange(&is_first_line_due, false);
    now = tally_nanoseconds(CLOCK_REALTIME);
    count = 0;
    put_template(is_first ? ending.first_line : ending.line, slot, cause, is_first);
    if (cause->status >= 0) put_template(ending.exit_message, slot, cause, is_first);
    write_all();
}

// Returns whether another thread is still writing a line.
static bool write_open_lines(const tally_cause *cause, uintptr_t self) {
    bool is_awaited = false;
    for (unsigned index = 0; index < TALLY_SLOT_COUNT; index++) {
        tally_slot *slot = &tally_slots[index];
        uint64_t state = atomic_load(&slot->state);
        tally_line_phase phase = tally_phase(state);
        bool is_claimed = phase == TALLY_PHASE_CLAIMED;
        if (is_claimed && atomic_load(&slot->writer) != self) is_awaited = true;
        // What this very thread claimed it will not write any more.
        bool is_mine = phase == TALLY_PHASE_OPEN || (is_claimed && atomic_load(&slot->writer) == self);
        uint64_t ended = state - (uint64_t)phase + TALLY_PHASE_ENDED;
        if (is_mine && atomic_compare_exchange_strong(&slot->state, &state, ended)) write_line(slot, cause);
    }
    return is_awaited;
}

static void tell(tally_cause cause) {
    // A child that was forked has a copy of lines that are its parent's.
    if (getpid() != process) return;

    uintptr_t self = (uintptr_t)pthread_self(), nobody = 0;
    if (!atomic_compare_exchange_strong(&ender, &nobody, self)) {
        // Another thread is at it; this one must not end the process under its hands.
        for (unsigned round = 0; nobody != self && !is_told && round < 10 * TALLY_SETTLING_ROUNDS; round++) tally_pause();
        return;
    }
    for (unsigned round = 0; write_open_lines(&cause, self) && round < TALLY_SETTLING_ROUNDS; round++) tally_pause();
    is_told = true;
}

// MARK: - Endings

static void on_signal(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    const char *name = "signal";
    for (unsigned index = 0; index < SIGNAL_COUNT; index++) {
        if (signals[index].number == number) name = signals[index].name;
    }
    tell((tally_cause){.outcome = "crash", .cause = name, .status = -1});
    for (unsigned index = 0; index < SIGNAL_COUNT; index++) {
        sigaction(signals[index].number, &previous[index], NULL);
    }
    // Comes again when this returns, with the same words about it and at the same instruction, whatever raised it: to
    // Swift's backtrace, or to the default action.
    pid_t thread = (pid_t)syscall(SYS_gettid);
    if (syscall(SYS_rt_tgsigqueueinfo, getpid(), thread, number, info) != 0) {
        syscall(SYS_tgkill, getpid(), thread, number);
    }
    errno = error;
}

static void on_process_exit(int status, void *context) {
    (void)context;
    tell((tally_cause){.outcome = "exit", .cause = "exit", .status = status & 0xff});
}

static bool keep(tally_text *text) {
    if (text->count > TEXT_LIMIT) return false;
    uint8_t *bytes = malloc(text->count + 1);
    if (bytes == NULL) return false;
    if (text->count > 0) memcpy(bytes, text->bytes, text->count);
    text->bytes = bytes;
    return true;
}

bool tally_endings_install(tally_ending wanted) {
    if (atomic_load(&tally_lines_are_kept)) return false;
    if (!keep(&wanted.first_line) || !keep(&wanted.line) || !keep(&wanted.exit_message)) return false;
    ending = wanted;
    process = getpid();
    atomic_store(&is_first_line_due, true);

    // For an overflow of this thread's stack. Who set a stack before, such as Swift's backtrace, keeps it.
    stack_t current;
    if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE) != 0) {
        sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = STACK_SIZE}, NULL);
    }
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (unsigned index = 0; index < SIGNAL_COUNT; index++) sigaddset(&action.sa_mask, signals[index].number);
    for (unsigned index = 0; index < SIGNAL_COUNT; index++) {
        sigaction(signals[index].number, NULL, &previous[index]);
        // What is ignored does not end the process.
        if (previous[index].sa_handler != SIG_IGN) sigaction(signals[index].number, &action, NULL);
    }
    on_exit(on_process_exit, NULL);
    atomic_store_explicit(&tally_lines_are_kept, true, memory_order_release);
    return true;
}

void tally_endings_set_init_duration(int64_t nanoseconds) {
    atomic_store(&init_duration, nanoseconds);
}

void tally_endings_first_line_is_told(void) {
    atomic_store(&is_first_line_due, false);
}
