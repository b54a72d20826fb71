import Foundation
import TallyTestServer
import Testing

@Suite struct StreamingTests {
    private func event(_ text: String, _ count: Int = 0, milliseconds: Int = 60_000) -> RuntimeAPI.Event {
        RuntimeAPI.Event(body: #"{"text":"\#(text)","count":\#(count)}"#, milliseconds: milliseconds)
    }

    private func trailedError(_ post: RuntimeAPI.Post) throws -> [String: Any] {
        let trailer = try #require(post.trailers.first { $0.hasPrefix("Lambda-Runtime-Function-Error-Body: ") })
        let json = try #require(Data(base64Encoded: String(trailer.dropFirst(36))))
        return try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    @Test func `a streamed answer arrives whole and in chunks, and has its line before its end`() async throws {
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event("", 256), event("", 0)]))

        let posts = try await run.posts(2)

        #expect(posts.map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        #expect(posts[0].body == [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20))
        #expect(posts[0].chunkSizes.count > 1)
        #expect(posts[0].header("Lambda-Runtime-Function-Response-Mode") == "streaming")
        #expect(posts[0].header("Transfer-Encoding") == "chunked")
        #expect(posts[0].header("Content-Type") == "text/plain")
        #expect(posts.map(\.trailers) == [[], []])
        #expect(posts[1].body == [])
        #expect(run.metrics.map { $0["outcome"] as? String } == ["success", "success"])
    }

    @Test func `the line is there before the answer is taken`() async throws {
        let gate = Gate()
        let event = RuntimeAPI.Event(body: #"{"text":"","count":1}"#, gate: gate)
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event]))
        defer { gate.open() }

        _ = try await run.posts(1)

        try await run.wait("the line") { run.metrics.count == 1 }
    }

    @Test func `a flush begins the answer, so that an error behind it is told in trailers`() async throws {
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event("flush and throw")]))

        let post = try #require(try await run.posts(1).first)

        #expect(post.path == "invocation/request-0/response")
        #expect(post.body == [])
        #expect(post.trailers.first == "Lambda-Runtime-Function-Error-Type: OrderRefused")
    }

    @Test func `status, headers and cookies stand before the body, with eight NULs between`() async throws {
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event("status", 1)]))

        let post = try #require(try await run.posts(1).first)

        #expect(post.header("Content-Type") == "application/vnd.awslambda.http-integration-response")
        let prelude = #"{"statusCode":201,"headers":{"Content-Type":"text/csv"},"cookies":["a=b","c=d"]}"#
        let expected = Array(prelude.utf8) + [UInt8](repeating: 0, count: 8)
        #expect(post.body == expected + [UInt8](repeating: UInt8(ascii: "x"), count: 4_096))
    }

    @Test func `a head that HTTP does not have is the invocation's error`() async throws {
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event("status 1000")]))

        let post = try #require(try await run.posts(1).first)

        #expect(post.path == "invocation/request-0/error")
        #expect(post.json?["errorType"] as? String == "Runtime.InvalidResponseHead")
    }

    @Test func `an error before the first byte is reported as any other`() async throws {
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event("throw"), event("", 1)]))

        let posts = try await run.posts(2)

        #expect(posts.map(\.path) == ["invocation/request-0/error", "invocation/request-1/response"])
        #expect(posts[0].json?["errorType"] as? String == "OrderRefused")
        #expect(run.metrics.map { $0["outcome"] as? String } == ["error", "success"])
    }

    @Test func `an error in the midst is told in trailers, and the next event works`() async throws {
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event("throw", 3), event("", 1)]))

        let posts = try await run.posts(2)

        #expect(posts.map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        #expect(posts[0].body.count == 3 * 4_096)
        #expect(posts[0].header("Trailer")?.contains("Lambda-Runtime-Function-Error-Type") == true)
        #expect(posts[0].trailers.first == "Lambda-Runtime-Function-Error-Type: OrderRefused")
        #expect(try trailedError(posts[0])["errorMessage"] as? String == "no stock é\n")
        #expect(run.metrics.map { $0["outcome"] as? String } == ["error", "success"])
        #expect(run.metrics.map { $0["errorType"] as? String } == ["OrderRefused", nil])
    }

    @Test(arguments: [("throw much", "\u{1}"), ("throw long", "x")])
    func `an error that is too long for trailers is cut`(ending: String, character: String) async throws {
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event(ending, 1)]))

        let post = try #require(try await run.posts(1).first)

        #expect(try trailedError(post)["errorMessage"] as? String == String(repeating: character, count: 2 << 10))
    }

    @Test func `a handler goes on after the end of its answer, and its line waits for it`() async throws {
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event("finish", 1), event("finish and throw")]))

        let posts = try await run.posts(2)
        try await run.wait("the lines") { run.metrics.count == 2 }

        #expect(posts.map(\.trailers) == [[], []])
        #expect(posts[0].text.hasSuffix("xdone"))
        #expect(run.lines.contains { $0.contains("finished") })
        #expect(run.metrics[0]["After"] as? Int == 1)
        #expect(run.metrics.map { $0["outcome"] as? String } == ["success", "error"])
    }

    @Test func `writing behind the end is an error that says so`() async throws {
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([event("write after finish")]))

        _ = try await run.posts(1)
        try await run.wait("the line") { run.metrics.count == 1 }

        #expect(run.metrics.first?["errorType"] as? String == "Runtime.ResponseClosed")
    }

    @Test func `a handler that streams is cancelled before its deadline, and the answer breaks off with trailers`()
        async throws
    {
        let run = try FunctionRun(
            handler: "streaming", RuntimeAPI([event("suspend", 2, milliseconds: 1_500), event("", 1)]))

        let posts = try await run.posts(2)

        #expect(posts[0].body.count == 2 * 4_096)
        #expect(posts[0].trailers.first == "Lambda-Runtime-Function-Error-Type: Runtime.TimedOut")
        #expect(posts[1].trailers == [])
        #expect(run.metrics.map { $0["outcome"] as? String } == ["timeout", "success"])
    }

    @Test func `an answer that the API refuses in the midst ends the handler, and the next event works`() async throws {
        let refused = RuntimeAPI.Event(
            body: #"{"text":"forever"}"#, status: "413 Request Entity Too Large")
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([refused, event("", 0)], at: .headers))

        _ = try await run.posts(2)

        #expect(run.api.posts.map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        #expect(run.lines.filter { $0.contains("refused the answer") && $0.contains("413") }.count == 1)
        #expect(run.metrics.first?["errorType"] as? String == "Runtime.ResponseClosed")
    }

    @Test func `an answer whose connection is lost in the midst ends the handler, and the next event works`()
        async throws
    {
        let lost = RuntimeAPI.Event(body: #"{"text":"forever"}"#, losesConnection: true)
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([lost, event("", 0)], at: .headers))

        // As long as nothing of the body is read, libcurl sends a request again that a kept connection has lost.
        try await run.wait("the next answer") { run.api.posts.last?.path == "invocation/request-1/response" }

        let told = run.lines.filter { $0.contains("the streamed answer broke off") }
        #expect(told.count == 1 && told[0].contains("request-0"))
        #expect(run.metrics.first?["errorType"] as? String == "Runtime.ResponseClosed")
    }

    @Test(arguments: [("413 Content Too Large", false), ("202 Accepted", true)])
    func `who finishes an answer that is not taken is told, and the next event works`(
        status: String, isLost: Bool
    ) async throws {
        let lost = RuntimeAPI.Event(body: #"{"text":"finish"}"#, status: status, losesConnection: isLost)
        let run = try FunctionRun(handler: "streaming", RuntimeAPI([lost, event("", 0)]))

        _ = try await run.posts(2)

        let told = isLost ? "the streamed answer broke off" : "the Runtime API refused the answer"
        #expect(run.lines.contains { $0.contains(told) })
        #expect(run.metrics.first?["errorType"] as? String == "Runtime.ResponseClosed")
    }

    @Test(arguments: [
        ("streaming-closure", "invocation/request-0/response", "a"),
        ("void-closure", "invocation/request-0/response", "null"),
        ("bytes-closure", "invocation/request-0/response", #"{"text":"a","count":0}"#),
    ])
    func `closures stream, answer nothing, or answer bytes`(handler: String, path: String, body: String) async throws {
        let run = try FunctionRun(handler: handler, RuntimeAPI([event("a")]))

        let post = try #require(try await run.posts(1).first)

        #expect(post.path == path)
        #expect(post.text == body)
    }
}
