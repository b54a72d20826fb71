import Foundation
import TallyTestServer
import Testing

@Suite struct ManagedConcurrencyTests {
    private func events(_ bodies: [String]) throws -> RuntimeAPI {
        try RuntimeAPI(
            bodies.map {
                RuntimeAPI.Event(
                    body: $0, headers: ["Lambda-Runtime-Trace-Id": "Root=1-a-b"], milliseconds: 86_400_000)
            })
    }

    @Test func `as many events are handled at once as Lambda says, and each sees its own`() async throws {
        let bodies = Array(repeating: #"{"count":16}"#, count: 16) + Array(repeating: "{}", count: 48)
        let run = try FunctionRun(handler: "managed", events(bodies), ["AWS_LAMBDA_MAX_CONCURRENCY": "16"])

        let posts = try await run.posts(64)

        for post in posts {
            let request = String(post.path.split(separator: "/")[1])
            #expect(post.json?["text"] as? String == request)
            #expect(post.json?["count"] as? Int == 3)
        }
        run.expectOneLine(for: (0..<64).map { "request-\($0)" })
        #expect(run.metrics.allSatisfy { $0["DynamoDBOperations"] as? Int == 3 })
        #expect(run.metrics.count { $0["ColdStart"] as? Int == 1 } <= 1)
    }

    @Test func `a handler that computes keeps no other from being answered`() async throws {
        let bodies = [#"{"text":"spin","count":60}"#] + Array(repeating: "{}", count: 60)
        let run = try FunctionRun(handler: "managed", events(bodies), ["AWS_LAMBDA_MAX_CONCURRENCY": "16"])

        let posts = try await run.posts(61)

        #expect(posts.first { $0.path == "invocation/request-0/response" }?.json?["text"] as? String == "spun")
    }

    @Test func `a handler is cancelled at its own deadline, and no other with it`() async throws {
        let short = RuntimeAPI.Event(body: #"{"count":99}"#, milliseconds: 1_500)
        let rest = Array(repeating: RuntimeAPI.Event(body: "{}"), count: 30)
        let run = try FunctionRun(
            handler: "managed", RuntimeAPI([short] + rest), ["AWS_LAMBDA_MAX_CONCURRENCY": "4"])

        let posts = try await run.posts(31)

        #expect(posts.filter { $0.path.hasSuffix("/error") }.map(\.path) == ["invocation/request-0/error"])
        run.expectOneLine(for: (0..<31).map { "request-\($0)" })
        #expect(run.line(of: "request-0")["outcome"] as? String == "timeout")
    }

    @Test func `a closure is refused there, with the reason`() async throws {
        let run = try FunctionRun(handler: "closure", RuntimeAPI([]), ["AWS_LAMBDA_MAX_CONCURRENCY": "2"])

        #expect(try await run.end() == 1)
        let error = run.api.posts.first
        #expect(error?.path == "init/error")
        #expect(error?.json?["errorType"] as? String == "Runtime.NotConcurrent")
        #expect((error?.json?["errorMessage"] as? String)?.contains("LambdaFunction") == true)
    }

    @Test(arguments: ["many", "0", "-1"])
    func `a concurrency that is no number is an error of init that names the variable`(value: String) async throws {
        let run = try FunctionRun("echo", RuntimeAPI([]), ["AWS_LAMBDA_MAX_CONCURRENCY": value])

        #expect(try await run.end() == 1)
        #expect((run.api.posts.first?.json?["errorMessage"] as? String)?.contains("AWS_LAMBDA_MAX_CONCURRENCY") == true)
    }

    @Test func `a Runtime API that is gone ends the process, whatever other events are waited for`() async throws {
        let run = try FunctionRun("echo", RuntimeAPI([.init()]), ["AWS_LAMBDA_MAX_CONCURRENCY": "8"])
        _ = try await run.posts(1)

        run.api.server.stop()

        #expect(try await run.end() == 1)
        #expect(run.lines.last?.contains("Runtime API") == true)
    }

    @Test func `told to end, each open invocation has its line`() async throws {
        let bodies = Array(repeating: #"{"text":"spin","count":600000}"#, count: 2)
        let run = try FunctionRun(handler: "managed", events(bodies), ["AWS_LAMBDA_MAX_CONCURRENCY": "4"])
        try await run.begun(2)

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        run.expectOneLine(for: ["request-0", "request-1"])
        #expect(run.metrics.allSatisfy { $0["outcome"] as? String == "shutdown" })
    }
}
