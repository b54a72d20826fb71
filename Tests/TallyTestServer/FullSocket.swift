import Foundation

/// A `send` that finds no room for every seventh request, for the preloading into a process.
///
/// It refuses each of them twice, since libcurl tries once more before it waits, as if room could come in between.
package final class FullSocket: Sendable {
    private let object: PreloadedObject

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdatomic.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <unistd.h>

        static atomic_uint requests, refusals;
        static atomic_bool has_refused[1024];

        static int begins_request(const void *bytes, size_t length) {
            return length > 7
                && (!memcmp(bytes, "PUT ", 4) || !memcmp(bytes, "POST ", 5) || !memcmp(bytes, "GET ", 4)
                    || !memcmp(bytes, "DELETE ", 7));
        }

        ssize_t send(int socket, const void *bytes, size_t length, int flags) {
            static _Atomic(ssize_t (*)(int, const void *, size_t, int)) real;
            if (!real) real = (ssize_t (*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "send");
            if (socket >= 1024 || !begins_request(bytes, length)) return real(socket, bytes, length, flags);
            int is_refused_again = atomic_exchange(&has_refused[socket], 0);
            if (!is_refused_again && atomic_fetch_add(&requests, 1) % 7 != 6)
                return real(socket, bytes, length, flags);
            if (!is_refused_again) has_refused[socket] = ++refusals > 0;
            errno = EAGAIN;
            return -1;
        }

        int close(int descriptor) {
            static _Atomic(int (*)(int)) real;
            if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "close");
            if (descriptor >= 0 && descriptor < 1024) has_refused[descriptor] = 0;
            return real(descriptor);
        }

        __attribute__((destructor)) static void write_refusals(void) {
            FILE *file = refusals ? fopen(getenv("TALLY_TEST_REFUSALS"), "w") : NULL;
            if (file != NULL) {
                fprintf(file, "%u", refusals);
                fclose(file);
            }
        }
        """

    /// Compiles it.
    ///
    /// - Throws: What the compiler says.
    package init() throws {
        object = try PreloadedObject(Self.source)
    }

    /// What a process needs in its environment.
    package var environment: [String: String] {
        object.environment.merging(["TALLY_TEST_REFUSALS": object.path("refusals")]) { first, _ in first }
    }

    /// How many requests found no room, once the process has ended.
    package var refusals: Int {
        let text = try? String(contentsOfFile: object.path("refusals"), encoding: .utf8)
        return text.flatMap { Int($0) } ?? 0
    }
}
