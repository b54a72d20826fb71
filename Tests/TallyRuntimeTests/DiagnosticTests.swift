import Testing

@testable import TallyRuntime

@Suite struct DiagnosticTests {
    private struct DocumentNotFound: Error {}

    @Test func `an error is told under the name of its own type`() {
        #expect(Diagnostic(DocumentNotFound()).type == "DocumentNotFound")
    }
}
