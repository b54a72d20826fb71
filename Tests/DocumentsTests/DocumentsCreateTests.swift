import Foundation
import TallyTestServer
import Testing

@Suite struct DocumentsCreateTests {
    private static let environment = ProcessInfo.processInfo.environment

    @Test(
        .enabled(
            if: environment["TALLY_LOCAL_RECORDING"] != nil, "local AWS does not run; start it with scripts/local"))
    func `documents without an id each get a random one, and begin at v1`() async throws {
        let event = RuntimeAPI.Event(
            body: #"""
                {"version":"2.0","rawPath":"/documents","requestContext":{"http":{"method":"POST","path":"/documents"}},
                "body":"{\"title\":\"t\",\"ssn\":\"s\"}"}
                """#)
        let local = Self.environment.filter { $0.key.hasPrefix("AWS_") || $0.key.hasPrefix("DOCUMENTS_") }
        let run = try FunctionRun("documents", RuntimeAPI([event, event]), local)

        let documents = try await run.posts(2).map { post in
            let body = post.json?["body"] as? String ?? ""
            return try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        }

        let ids = documents.compactMap { $0?["id"] as? String }
        #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
        #expect(Set(ids).count == 2)
        #expect(documents.map { $0?["revision"] as? String } == ["v1", "v1"])
    }
}
