import TallyHTTP
import Testing

@Suite struct CurlTransportLifetimeTests {
    // The loop lets go of the transport while it clears its own commands: an exclusivity violation ended the process.
    @Test func `a transport may be let go of while its last request is being finished`() async {
        for _ in 0..<50 {
            _ = try? await CurlTransport().send(Request(.get, "http://127.0.0.1:9/"))
        }
    }
}
