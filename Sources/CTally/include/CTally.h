// What Swift cannot call or see: variadic curl functions, glibc corners, process facts.
// No logic lives here, but for instructions of the processor that Swift has no name for, and for what runs in a process
// that crashes.
#pragma once

#include "OpenLines.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

// MARK: curl_easy_setopt, curl_multi_setopt and curl_easy_getinfo are variadic, so Swift cannot call them.

typedef size_t (*tally_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*tally_curl_seek_callback)(void *context, curl_off_t offset, int origin);
typedef int (*tally_curl_socket_callback)(void *context, curl_socket_t socket, curlsocktype purpose);
typedef int (*tally_curl_debug_callback)(CURL *handle, curl_infotype type, char *bytes, size_t count, void *context);
typedef int (*tally_curl_trailer_callback)(struct curl_slist **list, void *context);
typedef int (*tally_curl_prereq_callback)(
    void *context, char *remote_ip, char *local_ip, int remote_port, int local_port);

static inline CURLcode tally_easy_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tally_easy_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tally_easy_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tally_easy_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tally_easy_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tally_easy_set_data(CURL *handle, CURLoption option, tally_curl_data_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}
static inline CURLcode tally_easy_set_seek(CURL *handle, tally_curl_seek_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, callback);
}
static inline CURLcode tally_easy_set_trailers(CURL *handle, tally_curl_trailer_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_TRAILERFUNCTION, callback);
}
static inline CURLcode tally_easy_set_prereq(CURL *handle, tally_curl_prereq_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callback);
}
static inline CURLcode tally_easy_set_debug(CURL *handle, tally_curl_debug_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, callback);
}
static inline CURLcode tally_easy_set_socket_opened(CURL *handle, tally_curl_socket_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, callback);
}
static inline CURLcode tally_easy_get_socket(CURL *handle, curl_socket_t *socket) {
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, socket);
}
static inline CURLcode tally_easy_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode tally_easy_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode tally_easy_get_pointer(CURL *handle, CURLINFO info, void *value) {
    return curl_easy_getinfo(handle, info, (char **)value);
}
static inline CURLMcode tally_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLSHcode tally_share_data(CURLSH *share, curl_lock_data data) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, data);
}
static inline CURLcode tally_message_result(const CURLMsg *message) {
    return message->data.result;
}

// MARK: libdispatch exports them for run loops that also serve the main queue; no public header declares them.

/// A descriptor that becomes readable when work for the main queue arrives.
int _dispatch_get_main_queue_handle_4CF(void);
/// Runs the main queue's work; only on the main thread.
void _dispatch_main_queue_callback_4CF(void *message);

// MARK: Checksums

/// Whether this processor multiplies without carry, which `tally_crc_fold` needs.
bool tally_crc_folds(void);
/// Powers of x modulo a polynomial, reflected in 64 bits.
typedef struct {
    uint64_t x575, x511, x191, x127;
} tally_crc_powers;
/// Replaces `count` bytes, a multiple of 64 and at least that, by 16 that leave the same remainder of a reflected CRC
/// whose register is `start` so far.
void tally_crc_fold(
    const void *bytes, size_t count, uint64_t start, const tally_crc_powers *powers, void *result);

// MARK: Process facts

/// CLOCK_MONOTONIC in nanoseconds when the first constructor of this executable ran.
int64_t tally_process_start_nanoseconds(void);

/// Keeps freed memory in the process, up to 64 MiB, instead of giving it back to the kernel.
void tally_keep_freed_memory(void);

/// Whether this executable is fully static, as `scripts/package` links it.
bool tally_is_static_executable(void);
