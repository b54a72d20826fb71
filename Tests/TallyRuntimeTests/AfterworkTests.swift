import TallyTestServer
import Testing

@Suite struct AfterworkTests {
    private func event(_ text: String, milliseconds: Int = 60_000) -> RuntimeAPI.Event {
        RuntimeAPI.Event(body: #"{"text":"\#(text)"}"#, milliseconds: milliseconds)
    }

    @Test func `what is left is done after the answer and before the next event, within the invocation's line`()
        async throws
    {
        let run = try FunctionRun(handler: "after", RuntimeAPI([event(""), event("")]))

        let posts = try await run.posts(2)
        try await run.wait("the lines") { run.metrics.count == 2 }

        #expect(posts.map { $0.json?["text"] as? String } == ["answered", "answered"])
        #expect(run.metrics.map { $0["After"] as? Int } == [1, 1])
        #expect(run.lines.filter { $0.contains("the second") }.count == 2)
        #expect(run.metrics.map { $0["HandlerErrors"] as? Int } == [0, 0])
    }

    @Test func `work that fails is logged and counted, keeps no other from being done, and the answer stays`()
        async throws
    {
        let run = try FunctionRun(handler: "after", RuntimeAPI([event("throw after")]))

        let posts = try await run.posts(1)
        try await run.wait("the line") { run.metrics.count == 1 }

        #expect(posts.map(\.path) == ["invocation/request-0/response"])
        #expect(run.lines.contains { $0.contains("what was to be done after the response failed") })
        #expect(run.lines.contains { $0.contains("the second") })
        #expect(run.metrics.first?["errorType"] as? String == "OrderRefused")
        #expect(run.api.posts.count == 1)
    }

    @Test func `after an error nothing is left to do`() async throws {
        let run = try FunctionRun(handler: "after", RuntimeAPI([event("throw"), event("")]))

        let posts = try await run.posts(2)
        try await run.wait("the lines") { run.metrics.count == 2 }

        #expect(posts.map(\.path) == ["invocation/request-0/error", "invocation/request-1/response"])
        #expect(run.metrics.map { $0["After"] as? Int } == [nil, 1])
    }

    @Test func `an answer that is slow to be taken is not given up at the deadline`() async throws {
        let gate = Gate()
        let slow = RuntimeAPI.Event(body: "{}", milliseconds: 1_500, gate: gate)
        let run = try FunctionRun(handler: "after", RuntimeAPI([slow, event("")]))
        _ = try await run.posts(1)
        // Which the watchdog writes, later than it cancels.
        try await run.wait("the line") { run.metrics.count == 1 }

        gate.open()

        #expect(
            try await run.posts(2).map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        #expect(run.metrics.first?["outcome"] as? String == "timeout")
    }

    @Test func `work is cancelled before the deadline, and the next event works`() async throws {
        let run = try FunctionRun(
            handler: "after", RuntimeAPI([event("suspend after", milliseconds: 1_500), event("")]))

        let posts = try await run.posts(2)
        try await run.wait("the lines") { run.metrics.count == 2 }

        #expect(posts.map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        #expect(run.metrics.map { $0["outcome"] as? String } == ["timeout", "success"])
    }
}
