// The lines that are owed, in memory of C: what writes them when the process ends by a signal or by exit may call
// neither Swift nor malloc, and may take no lock.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What stands in a template for what is known only when the line is written. JSON has no such bytes.
typedef enum {
    TALLY_FIELD_TIMESTAMP = 1,
    TALLY_FIELD_ISO_TIMESTAMP = 2,
    TALLY_FIELD_REQUEST = 3,
    /// Whole members, or nothing.
    TALLY_FIELD_TRACE_AND_TENANT = 4,
    TALLY_FIELD_OUTCOME = 5,
    TALLY_FIELD_CAUSE = 6,
    TALLY_FIELD_COLD_START = 7,
    TALLY_FIELD_INIT_DURATION = 8,
    TALLY_FIELD_HANDLER_DURATION = 14,
    TALLY_FIELD_REMAINING_TIME = 15,
    /// Followed by the duration and by the number of calls of each further service.
    TALLY_FIELD_FIRST_SERVICE = 16,
} tally_field;

enum { TALLY_SERVICE_COUNT = 3 };

/// Bytes that are copied when they are installed.
typedef struct {
    const uint8_t *bytes;
    size_t count;
} tally_text;

/// What is written for each open line when the process ends.
typedef struct {
    /// The line of the first invocation, and of any other.
    tally_text first_line, line;
    /// The log line that says that exit was called; none when empty.
    tally_text exit_message;
    int descriptor;
    bool is_cold;
} tally_ending;

/// Installs what writes the open lines when the process crashes or exits; only once a process.
///
/// Returns whether it could.
bool tally_endings_install(tally_ending ending);

/// Tells how long init took, for the first line.
void tally_endings_set_init_duration(int64_t nanoseconds);

/// Tells that the first line is written, which alone tells of init.
void tally_endings_first_line_is_told(void);

/// Opens the line of an invocation; `deadline` is in nanoseconds since 1970.
///
/// Returns its token, 0 when nothing is installed or too many lines are open.
uint64_t tally_line_open(tally_text request, tally_text trace, tally_text tenant, int64_t deadline);

/// Claims the right to write a line: true for exactly one caller, be it loop, watchdog or crash handler.
bool tally_line_claim(uint64_t token);

/// Tells that who claimed the line has written it.
void tally_line_is_written(uint64_t token);

/// Counts a call of an open line.
void tally_line_add_call(uint64_t token, unsigned service, int64_t nanoseconds);

/// Waits a moment for lines that other threads are writing.
void tally_lines_settle(void);
