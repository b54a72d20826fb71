import Foundation
import TallyTestServer
import Testing

@Suite struct WatchdogTests {
    @Test func `a handler that does not come back has its line before the deadline, and only one`() async throws {
        let busy = RuntimeAPI.Event(body: #"{"count":1500}"#, milliseconds: 1000)
        let run = try FunctionRun(handler: "busy", RuntimeAPI([busy, .init()]))

        try await run.wait("the line") { !run.metrics.isEmpty }

        let line = try #require(run.metrics.first)
        #expect(line["outcome"] as? String == "timeout")
        #expect(line["HandlerErrors"] as? Int == 1)
        #expect(line["TimeoutImminent"] as? Int == 1)
        #expect(try #require(line["RemainingTime"] as? Double) > 0)

        _ = try await run.posts(2)
        #expect(run.metrics.map { $0["requestId"] as? String } == ["request-0", "request-1"])
        #expect(run.metrics.last?["TimeoutImminent"] == nil)
    }

    @Test func `a handler's metrics are told before the deadline, and what it adds later in the next line`()
        async throws
    {
        let busy = RuntimeAPI.Event(body: #"{"count":1500}"#, milliseconds: 1000)
        let run = try FunctionRun(handler: "busy-metrics", RuntimeAPI([busy, .init()]))

        _ = try await run.posts(2)

        let first = run.metrics.filter { $0["requestId"] as? String == "request-0" }
        let second = run.metrics.filter { $0["requestId"] as? String == "request-1" }
        let weights = first.flatMap { $0["Weight"] as? [Double] ?? [] }
        #expect(first.count == 11)
        #expect(first.first?["TimeoutImminent"] as? Int == 1)
        #expect(weights == (0..<1_000).map { number in Double(number) / 3 })
        #expect(first.last?["ParcelsSent"] as? Int == 1)
        #expect(second.first?["lateMetrics"] as? Int == 1)
    }

    @Test func `a process that is told to end writes the line of the invocation it leaves`() async throws {
        let run = try FunctionRun(handler: "busy", RuntimeAPI([.init(), .init(body: #"{"count":60000}"#)]))
        _ = try await run.posts(1)
        try await run.wait("the second handler") { run.lines.count { $0.contains("begun") } == 2 }

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        #expect(run.metrics.map { $0["requestId"] as? String } == ["request-0", "request-1"])
        #expect(run.metrics.last?["outcome"] as? String == "shutdown")
    }

    @Test(arguments: [("summary", 1), ("none", 0)])
    func `an idle process that is told to end does so without another line`(level: String, lines: Int) async throws {
        let run = try FunctionRun("echo", RuntimeAPI([.init()]), ["TALLY_METRICS_LEVEL": level])
        _ = try await run.posts(1)
        try await run.wait("the next request") { run.api.nextCount == 2 }

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        #expect(run.metrics.count == lines)
    }
}
