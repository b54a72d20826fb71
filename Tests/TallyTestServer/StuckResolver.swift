import Foundation

/// A shared object whose `getaddrinfo` never answers, for the preloading into a process; `cc` compiles it.
package final class StuckResolver: Sendable {
    private let folder: TemporaryFolder

    // With a gate, look-ups end while the gate's file is there.
    private static let source = """
        #include <netdb.h>
        #include <stdlib.h>
        #include <unistd.h>

        int getaddrinfo(
            const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
            const char *gate = getenv("TALLY_TEST_LOOKUP_GATE");
            while (gate == NULL || access(gate, F_OK) != 0) usleep(1000);
            return EAI_AGAIN;
        }
        """

    /// Compiles the object.
    ///
    /// - Throws: What the compiler says.
    package init() throws {
        folder = try TemporaryFolder()
        try Self.source.write(toFile: folder.path("resolver.c"), atomically: true, encoding: .utf8)
        try Tool.compiler.run(["-shared", "-fPIC", "-o", "resolver.so", "resolver.c"], in: folder.url)
    }

    /// What a process needs in its environment.
    package var environment: [String: String] { ["LD_PRELOAD": folder.path("resolver.so")] }
    /// A file of the test's own that lets look-ups end while it is there.
    package var gate: [String: String] { ["TALLY_TEST_LOOKUP_GATE": folder.path("gate")] }
}
