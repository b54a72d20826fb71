import Foundation
import TallyTestServer
import Testing

@testable import TallyRuntime

@Suite struct FailureTests {
    @Test func `what a handler throws is reported under its own type, and the next event works`() async throws {
        let run = try FunctionRun(
            handler: "throws", RuntimeAPI([.init(body: #"{"text":"no\nstock \" \\ "}"#), .init()]))

        let posts = try await run.posts(2)

        #expect(posts.map(\.path) == ["invocation/request-0/error", "invocation/request-1/response"])
        #expect(posts[0].header("Lambda-Runtime-Function-Error-Type") == "OrderRefused")
        let cause = posts[0].header("Lambda-Runtime-Function-XRay-Error-Cause")
        #expect(cause?.contains(#""exceptions":[{"type":"OrderRefused","message":"no\nstock"#) == true)
        #expect(posts[0].json?["errorType"] as? String == "OrderRefused")
        #expect(posts[0].json?["errorMessage"] as? String == "no\nstock \" \\ ")
        #expect(posts[0].json?["stackTrace"] as? [String] == [])
        #expect(run.metrics.map { $0["HandlerErrors"] as? Int } == [1, 0])
        #expect(run.metrics.map { $0["outcome"] as? String } == ["error", "success"])
        #expect(run.metrics.map { $0["errorType"] as? String } == ["OrderRefused", nil])
    }

    @Test(arguments: [
        (#"{"age":1}"#, #"event.name: expected a value, found no such member; {"age":number}."#),
        (#"{"name":1,"age":1}"#, #"event.name: expected String, found a number; {"name":number,"age":number}."#),
        ("{", "event: expected JSON, found what is none at offset 1: expected a key, found the end."),
    ])
    func `an event that does not decode names the member, and the next one works`(
        event: String, message: String
    ) async throws {
        let run = try FunctionRun("hello", RuntimeAPI([.init(body: event), .init(body: #"{"name":"A","age":3}"#)]))

        let posts = try await run.posts(2)

        #expect(posts[0].json?["errorType"] as? String == "EventDecodingError")
        #expect((posts[0].json?["errorMessage"] as? String)?.hasPrefix(message) == true, "\(posts[0].text)")
        #expect(posts[1].path == "invocation/request-1/response")
        #expect(run.metrics.map { $0["HandlerErrors"] as? Int } == [1, 0])
    }

    @Test func `an init that fails is reported, logged, and ends the process`() async throws {
        let run = try FunctionRun(handler: "init-throws", RuntimeAPI([.init()]))

        #expect(try await run.end() == 1)
        #expect(run.api.posts.map(\.path) == ["init/error"])
        #expect(run.api.posts.first?.json?["errorType"] as? String == "OrderRefused")
        #expect(run.lines.contains { $0.contains("the table is not there") })
        #expect(run.metrics.isEmpty)
    }

    @Test func `a setting that cannot be used is an error of init that names it`() async throws {
        let run = try FunctionRun("echo", RuntimeAPI([.init()]), ["TALLY_METRICS_LEVEL": "loud"])

        #expect(try await run.end() == 1)
        #expect((run.api.posts.first?.json?["errorMessage"] as? String)?.contains("TALLY_METRICS_LEVEL") == true)
    }

    @Test func `what a function throws of its metrics is an error of init`() async throws {
        let run = try FunctionRun(handler: "prices", RuntimeAPI([.init()]), ["AWS_REGION": "us-west-2"])

        #expect(try await run.end() == 1)
        #expect(run.api.posts.map(\.path) == ["init/error"])
        #expect((run.api.posts.first?.json?["errorMessage"] as? String) == "no prices for us-west-2")
    }

    @Test func `an answer of 6,291,556 bytes passes and one more is too large`() async throws {
        let run = try FunctionRun(
            handler: "large", RuntimeAPI([.init(body: #"{"count":6291556}"#), .init(body: #"{"count":6291557}"#)]))

        let posts = try await run.posts(2)

        #expect(posts[0].path == "invocation/request-0/response")
        #expect(posts[0].body.count == 6_291_556)
        #expect(posts[1].path == "invocation/request-1/error")
        #expect((posts[1].json?["errorMessage"] as? String)?.contains("6291557 bytes") == true)
        #expect(run.metrics.map { $0["outcome"] as? String } == ["success", "ResponseTooLarge"])
    }

    @Test func `an answer that the API refuses is one log line, and the next event works`() async throws {
        let refused = RuntimeAPI.Event(status: "413 Request Entity Too Large")
        let run = try FunctionRun("echo", RuntimeAPI([refused, .init()]))

        _ = try await run.posts(2)

        #expect(run.api.posts.map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        #expect(run.lines.filter { $0.contains("refused the answer") && $0.contains("request-0") }.count == 1)
    }

    @Test func `a Runtime API that is gone ends the process with a message`() async throws {
        let run = try FunctionRun("echo", RuntimeAPI([.init()]))
        _ = try await run.posts(1)

        run.api.server.stop()

        #expect(try await run.end() == 1)
        #expect(run.lines.last?.contains("Runtime API") == true)
    }

    @Test func `a Runtime API that is lost with an answer ends the process with a message that names the request`()
        async throws
    {
        let run = try FunctionRun("echo", RuntimeAPI([.init(status: "")]))

        #expect(try await run.end() == 1)
        #expect(run.lines.last?.contains("answer to request request-0: Runtime API") == true)
        #expect(run.metrics.count == 1)
    }

    @Test func `an error body is valid JSON for any message`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let scalars = (0..<Int.random(in: 0..<40, using: &generator)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &generator))
            }
            let message = String(String.UnicodeScalarView(scalars))
            let body = Diagnostic(type: message, message: message).json

            let decoded = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            #expect(decoded?["errorMessage"] as? String == message)
            #expect(Diagnostic(type: message, message: "").headerValue.utf8.allSatisfy { (32..<127).contains($0) })
        }
    }
}
