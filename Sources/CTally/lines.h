// What the lines that are owed look like in memory, for those who open them and for those who write them in the end.
#pragma once

#include "OpenLines.h"

#include <stdatomic.h>
#include <time.h>

enum {
    /// Lambda hands out at most this many events at a time to one process.
    TALLY_SLOT_COUNT = 64,
    TALLY_TEXT_LIMIT = 256,
    TALLY_SETTLING_ROUNDS = 100,
};

typedef enum {
    TALLY_PHASE_FREE,
    TALLY_PHASE_FILLING,
    TALLY_PHASE_OPEN,
    /// Somebody writes it.
    TALLY_PHASE_CLAIMED,
    /// Written since the process ends; never free again.
    TALLY_PHASE_ENDED,
} tally_line_phase;

typedef struct {
    /// Token and phase in one word, which whoever wants to write the line compares and exchanges.
    _Atomic uint64_t state;
    /// The thread that claimed the line; 0 until it says so.
    _Atomic uintptr_t writer;
    int64_t opened, deadline;
    _Atomic int64_t calls[TALLY_SERVICE_COUNT], durations[TALLY_SERVICE_COUNT];
    uint16_t request_count, trace_count, tenant_count;
    char request[TALLY_TEXT_LIMIT], trace[TALLY_TEXT_LIMIT], tenant[TALLY_TEXT_LIMIT];
} tally_slot;

extern tally_slot tally_slots[TALLY_SLOT_COUNT];
extern _Atomic bool tally_lines_are_kept;

static inline uint64_t tally_state(uint64_t token, tally_line_phase phase) {
    return token << 3 | phase;
}

static inline tally_line_phase tally_phase(uint64_t state) {
    return state & 7;
}

int64_t tally_nanoseconds(clockid_t clock);
/// A millisecond.
void tally_pause(void);
