import Foundation
import Testing

@testable import TallyRuntime

@Suite struct DiagnosticTests {
    @Test func `any message gives valid JSON, and a cause that a header can carry`() throws {
        let scalars: [Unicode.Scalar] = [
            "\0", "\n", "\"", "\\", "\u{7F}", "é", "\u{2028}", "😀", "\u{FFFD}", "a", ":", "\r",
        ]
        for seed in 0..<300 {
            let message = String(
                String.UnicodeScalarView((0..<(seed % 17)).map { scalars[($0 &* 7 &+ seed &* 5) % scalars.count] }))
            let diagnostic = Diagnostic(type: "T\(message)", message: message)

            let body = try JSONSerialization.jsonObject(with: Data(diagnostic.json)) as? [String: Any]
            #expect(body?["errorMessage"] as? String == message)
            let cause = try #require(diagnostic.tracedCause)
            #expect(cause.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
            let traced = try JSONSerialization.jsonObject(with: Data(cause.utf8)) as? [String: Any]
            let exception = (traced?["exceptions"] as? [[String: Any]])?.first
            #expect(exception?["message"] as? String == message)
            #expect(exception?["type"] as? String == "T\(message)")
            #expect(diagnostic.headerValue.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        }
    }

    @Test func `a message that is too long for a header has no cause, and is told all the same`() {
        let diagnostic = Diagnostic(type: "T", message: String(repeating: "x", count: 5_000))

        #expect(diagnostic.tracedCause == nil)
        #expect(diagnostic.json.count > 5_000)
    }
}
