import Tally
import Testing

@Suite struct SecretTests {
    private let secret: Secret<String> = "078-05-1120"

    @Test func `a secret never prints its value`() {
        var dumped = ""
        dump(Note.sample(), to: &dumped)
        let texts = ["\(secret)", secret.debugDescription, String(reflecting: secret), "\(Note.sample())", dumped]

        for text in texts { #expect(!text.contains("078"), "\(text)") }
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test func `a secret is revealed on request only`() {
        #expect(secret.reveal() == "078-05-1120")
    }

    @Test func `a condition on a secret is refused, since each value is encrypted differently`() async throws {
        let store = try FakeAWS().store()

        await #expect(throws: ModelError.self) { try await store.scan(Note.scan(filter: .exists(\.ssn))).collect() }
    }
}
