import Foundation
import TallyTestServer
import Testing

extension FunctionRun {
    /// Expects exactly one line for each request, in any order, and that CloudWatch takes each of them.
    func expectOneLine(
        for requests: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = metrics.map { $0["requestId"] as? String ?? "none" }
        #expect(found.sorted() == requests.sorted(), sourceLocation: sourceLocation)
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        for line in lines where line.contains("\"_aws\"") {
            let violations = EMFValidator.violations(in: Array("\(line)\n".utf8), now: now)
            #expect(violations == [], "\(line)", sourceLocation: sourceLocation)
        }
    }

    /// The line of a request.
    func line(of request: String) -> [String: Any] {
        metrics.first { $0["requestId"] as? String == request } ?? [:]
    }

    /// Waits until as many handlers have begun.
    func begun(_ count: Int) async throws {
        try await wait("\(count) handlers") { self.lines.count { $0.contains(#""begun""#) } >= count }
    }
}
