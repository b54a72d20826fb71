/// A `getaddrinfo` that never answers, for the preloading into a process.
package final class StuckResolver: Sendable {
    private let object: PreloadedObject

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

    /// Compiles it.
    ///
    /// - Throws: What the compiler says.
    package init() throws {
        object = try PreloadedObject(Self.source)
    }

    /// What a process needs in its environment.
    package var environment: [String: String] { object.environment }
    /// A file of the test's own that lets look-ups end while it is there.
    package var gate: [String: String] { ["TALLY_TEST_LOOKUP_GATE": object.path("gate")] }
}
