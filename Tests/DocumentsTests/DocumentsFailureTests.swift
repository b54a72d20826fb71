import Foundation
import TallyTestServer
import Testing

/// What the example says when something outside it is wrong, and that the next event works.
@Suite struct DocumentsFailureTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let hasLocalServers = environment["TALLY_LOCAL_RECORDING"] != nil

    private static let nowhere = [
        "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "DOCUMENTS_TABLE": "documents", "DOCUMENTS_KEY": "alias/documents",
        "DOCUMENTS_BUCKET": "documents",
    ]
    private static let local = environment.filter { $0.key.hasPrefix("AWS_") || $0.key.hasPrefix("DOCUMENTS_") }

    private static func event(_ method: String, _ path: String, body: String? = nil) -> RuntimeAPI.Event {
        let text = body.map { #","body":"\#($0.replacing("\"", with: "\\\""))""# } ?? ""
        return RuntimeAPI.Event(
            body: """
                {"version":"2.0","rawPath":"\(path)","requestContext":{"http":{"method":"\(method)","path":"\(path)"}}\(text)}
                """)
    }

    /// Handles an event that fails and one that needs nobody, and checks what is common to all failures.
    private func failure(
        _ event: RuntimeAPI.Event, _ environment: [String: String]
    ) async throws -> (type: String, message: String) {
        let run = try FunctionRun("documents", RuntimeAPI([event, Self.event("PATCH", "/documents")]), environment)

        let posts = try await run.posts(2)

        #expect(posts.map(\.path) == ["invocation/request-0/error", "invocation/request-1/response"])
        #expect(posts[1].json?["statusCode"] as? Int == 405)
        #expect(run.metrics.map { $0["requestId"] as? String } == ["request-0", "request-1"])
        #expect(run.metrics.map { $0["HandlerErrors"] as? Int } == [1, 0])
        return (posts[0].json?["errorType"] as? String ?? "", posts[0].json?["errorMessage"] as? String ?? "")
    }

    @Test func `an event of another source is a decode error that names what is missing`() async throws {
        let (type, message) = try await failure(.init(body: #"{"Records":[]}"#), Self.nowhere)

        #expect(type == "EventDecodingError")
        #expect(message.hasPrefix(#"event.version: expected a value, found no such member; {"Records":[]}."#))
    }

    @Test func `an endpoint that is not there is named, with what to look at`() async throws {
        let (type, message) = try await failure(Self.event("GET", "/documents/x/v1"), Self.nowhere)

        #expect(type == "ServiceError")
        #expect(message.hasPrefix("DynamoDB GetItem documents: NoResponse: POST http://127.0.0.1:9/:"))
        #expect(message.contains("4 attempts in"))
        #expect(message.contains("Check that http://127.0.0.1:9 can be reached"))
    }

    @Test(arguments: [
        ("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID"), ("DOCUMENTS_TABLE", "DOCUMENTS_TABLE"),
        ("DOCUMENTS_BUCKET", "DOCUMENTS_BUCKET"), ("AWS_REGION", "AWS_REGION"),
    ])
    func `a variable that is missing is an error of init that names it`(variable: String, named: String) async throws {
        let environment = Self.nowhere.merging([variable: ""]) { $1 }
        let run = try FunctionRun("documents", RuntimeAPI([]), environment)

        #expect(try await run.end() == 1)
        #expect(run.api.posts.map(\.path) == ["init/error"])
        let message = run.api.posts.first?.json?["errorMessage"] as? String
        #expect(message?.contains(named) == true, "\(message ?? "")")
    }

    @Test(.enabled(if: hasLocalServers, "local AWS does not run; start it with scripts/local"))
    func `a table that is not there is named, with what to look at`() async throws {
        let environment = Self.local.merging(["DOCUMENTS_TABLE": "no-such-table"]) { $1 }

        let (type, message) = try await failure(Self.event("GET", "/documents/x/v1"), environment)

        #expect(type == "ServiceError")
        #expect(message.hasPrefix("DynamoDB GetItem no-such-table: ResourceNotFoundException"))
        #expect(message.contains("Check that the table (and index) exists in us-east-1"))
    }

    @Test(.enabled(if: hasLocalServers, "local AWS does not run; start it with scripts/local"))
    func `a key that is not there is named, and nothing is written`() async throws {
        let environment = Self.local.merging(["DOCUMENTS_KEY": "alias/no-such-key"]) { $1 }
        let create = Self.event("POST", "/documents", body: #"{"title":"t","ssn":"s"}"#)

        let (type, message) = try await failure(create, environment)

        #expect(type == "ServiceError")
        #expect(message.hasPrefix("KMS GenerateDataKey alias/no-such-key: NotFoundException"))
    }
}
