// Tells the thread sanitizer of what Swift's runtime does out of its sight.
//
// The sanitizer sees code that was compiled with it, and Swift's libraries were not. Two of their hand-overs it
// therefore takes for races. What stands here is linked into programs under the sanitizer and nowhere else; it comes
// before the runtime's own functions, calls them, and adds the missing word. Nothing is suppressed: code that is not
// in order is reported as before (races.swift), and each annotation is needed (contended_mutex.swift,
// early_continuation.swift); scripts/support/sanitize tries both.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SWIFT_ASYNC __attribute__((swiftasynccall))
#define SELF __attribute__((swift_context))
#define ASYNC_CONTEXT __attribute__((swift_async_context))

void __tsan_acquire(void *address);
void __tsan_release(void *address);

static void *next_function(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (!function) {
        fprintf(stderr, "annotations.c: the Swift runtime has no %s. Does this toolchain still need it?\n", name);
        abort();
    }
    return function;
}

// MARK: Synchronization.Mutex
//
// A lock that is free is taken inline, by an atomic exchange that the sanitizer sees. One that is not is taken and
// given back by the kernel (FUTEX_LOCK_PI), called from libswiftSynchronization.
// https://github.com/swiftlang/swift/blob/swift-6.3.1-RELEASE/stdlib/public/Synchronization/Mutex/LinuxImpl.swift

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void (*lock_function)(uint32_t thread, SELF void *mutex);
typedef SWIFT void (*unlock_function)(SELF void *mutex);

static lock_function lock_slow;
static unlock_function unlock_slow;

SWIFT void tally_lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK_SLOW);
SWIFT void tally_lock_slow(uint32_t thread, SELF void *mutex) {
    lock_slow(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT void tally_unlock_slow(SELF void *mutex) __asm__(UNLOCK_SLOW);
SWIFT void tally_unlock_slow(SELF void *mutex) {
    __tsan_release(mutex);
    unlock_slow(mutex);
}

// MARK: Continuations
//
// The runtime tells the sanitizer when a continuation is resumed, and when a suspended task goes on. A task whose
// continuation was resumed before it came to wait goes on at once, and of that it does not tell.
// https://github.com/swiftlang/swift/blob/swift-6.3.1-RELEASE/stdlib/public/Concurrency/Task.cpp
//
// That task is sent through `go_on`. It looks at the function to go on with in the context, whose first two members are
// ABI; a task that has been suspended was given that function before (swift_continuation_init) and does not look.

struct async_context;
typedef SWIFT_ASYNC void (*async_function)(ASYNC_CONTEXT struct async_context *context);
struct async_context {
    struct async_context *parent;
    async_function resume;
};

// An ordinary argument, although the function is an asynchronous one.
typedef SWIFT_ASYNC void (*await_function)(struct async_context *context);
SWIFT void *swift_task_getCurrent(void);

static await_function await_continuation;
// Between the two functions below a thread runs nothing else.
static _Thread_local async_function resume_of_current;

static SWIFT_ASYNC void go_on(ASYNC_CONTEXT struct async_context *context) {
    async_function resume = resume_of_current;
    __tsan_acquire(swift_task_getCurrent());
    context->resume = resume;
    __attribute__((musttail)) return resume(context);
}

SWIFT_ASYNC void swift_continuation_await(struct async_context *context) {
    resume_of_current = context->resume;
    context->resume = go_on;
    __attribute__((musttail)) return await_continuation(context);
}

__attribute__((constructor)) static void find_functions(void) {
    lock_slow = (lock_function)next_function(LOCK_SLOW);
    unlock_slow = (unlock_function)next_function(UNLOCK_SLOW);
    await_continuation = (await_function)next_function("swift_continuation_await");
}
