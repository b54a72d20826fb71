#define _GNU_SOURCE
#include "OpenLines.h"

#include "lines.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

tally_slot tally_slots[TALLY_SLOT_COUNT];
_Atomic bool tally_lines_are_kept;

static _Atomic uint64_t generation = 1;

static tally_slot *slot_of(uint64_t token) {
    return &tally_slots[token % TALLY_SLOT_COUNT];
}

static uint16_t copy(char *target, tally_text text) {
    size_t count = text.count < TALLY_TEXT_LIMIT ? text.count : TALLY_TEXT_LIMIT;
    if (count > 0) memcpy(target, text.bytes, count);
    return (uint16_t)count;
}

int64_t tally_nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

uint64_t tally_line_open(tally_text request, tally_text trace, tally_text tenant, int64_t deadline) {
    if (!atomic_load_explicit(&tally_lines_are_kept, memory_order_acquire)) return 0;

    // A number that no other line has: whoever holds on to an old token cannot claim what is in its place now.
    uint64_t number = atomic_fetch_add_explicit(&generation, 1, memory_order_relaxed) * TALLY_SLOT_COUNT;
    for (unsigned index = 0; index < TALLY_SLOT_COUNT; index++) {
        tally_slot *slot = &tally_slots[index];
        uint64_t token = number + index, free = 0;
        if (!atomic_compare_exchange_strong(&slot->state, &free, tally_state(token, TALLY_PHASE_FILLING))) continue;

        atomic_store_explicit(&slot->writer, 0, memory_order_relaxed);
        slot->opened = tally_nanoseconds(CLOCK_MONOTONIC);
        slot->deadline = deadline;
        slot->request_count = copy(slot->request, request);
        slot->trace_count = copy(slot->trace, trace);
        slot->tenant_count = copy(slot->tenant, tenant);
        for (unsigned service = 0; service < TALLY_SERVICE_COUNT; service++) {
            atomic_store_explicit(&slot->calls[service], 0, memory_order_relaxed);
            atomic_store_explicit(&slot->durations[service], 0, memory_order_relaxed);
        }
        atomic_store_explicit(&slot->state, tally_state(token, TALLY_PHASE_OPEN), memory_order_release);
        return token;
    }
    return 0;
}

bool tally_line_claim(uint64_t token) {
    tally_slot *slot = slot_of(token);
    uint64_t open = tally_state(token, TALLY_PHASE_OPEN);
    if (!atomic_compare_exchange_strong(&slot->state, &open, tally_state(token, TALLY_PHASE_CLAIMED))) return false;
    // Should this thread crash before the line is out, it takes the line over.
    atomic_store(&slot->writer, (uintptr_t)pthread_self());
    return true;
}

void tally_line_is_written(uint64_t token) {
    uint64_t claimed = tally_state(token, TALLY_PHASE_CLAIMED);
    atomic_compare_exchange_strong(&slot_of(token)->state, &claimed, 0);
}

void tally_line_add_call(uint64_t token, unsigned service, int64_t nanoseconds) {
    tally_slot *slot = slot_of(token);
    atomic_fetch_add_explicit(&slot->calls[service], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&slot->durations[service], nanoseconds, memory_order_relaxed);
}

void tally_pause(void) {
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

void tally_lines_settle(void) {
    uintptr_t self = (uintptr_t)pthread_self();
    for (unsigned round = 0; round < TALLY_SETTLING_ROUNDS; round++) {
        bool is_settled = true;
        for (unsigned index = 0; index < TALLY_SLOT_COUNT; index++) {
            tally_slot *slot = &tally_slots[index];
            bool is_claimed = tally_phase(atomic_load(&slot->state)) == TALLY_PHASE_CLAIMED;
            if (is_claimed && atomic_load(&slot->writer) != self) is_settled = false;
        }
        if (is_settled) return;
        tally_pause();
    }
}
