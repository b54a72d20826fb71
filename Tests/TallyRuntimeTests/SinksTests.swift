import Foundation
import TallyMetrics
import TallyTestServer
import TallyWire
import Testing

@testable import TallyRuntime

@Suite struct SinksTests {
    private struct Told: Equatable {
        let message: String
        let errors: Int?
    }

    private func told(_ run: FunctionRun) -> [Told] {
        run.lines.compactMap { line in
            guard let json = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let message = json["message"] as? String, message.hasPrefix("sink ")
            else { return nil }
            return Told(message: message, errors: json["errors"] as? Int)
        }
    }

    /// When the sink was given something, in milliseconds since 1970.
    private func exportTimes(_ run: FunctionRun) -> [Int64] {
        run.lines.filter { $0.contains("sink exports") }.compactMap { line in
            let json = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return (json?["timestamp"] as? String).flatMap { Timestamp(iso8601: $0) }?.milliseconds
        }
    }

    @Test func `a function without sinks has no exporter, and one at level none neither`() throws {
        let variables = ["AWS_LAMBDA_FUNCTION_NAME": "f"]
        var configuration = try MetricsConfiguration { variables[$0] }
        #expect(InvocationReporter(configuration, initializationType: nil).exporter == nil)

        configuration.sinks = [NullSink()]
        #expect(InvocationReporter(configuration, initializationType: nil).exporter != nil)

        configuration.level = .none
        #expect(InvocationReporter(configuration, initializationType: nil).exporter == nil)
    }

    @Test func `a sink is opened before init, gets each invocation once beside its line, and is closed at the end`()
        async throws
    {
        let run = try FunctionRun(handler: "sink", RuntimeAPI([.init(), .init(body: "[")]))
        _ = try await run.posts(2)
        try await run.wait("the next request") { run.api.nextCount == 3 }

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        #expect(
            told(run) == [
                Told(message: "sink opened", errors: nil), Told(message: "sink exports", errors: 0),
                Told(message: "sink exports", errors: 1), Told(message: "sink closed", errors: nil),
            ])
        #expect(run.metrics.map { $0["requestId"] as? String } == ["request-0", "request-1"])
        let opened = try #require(run.lines.firstIndex { $0.contains("sink opened") })
        let initialised = try #require(run.lines.firstIndex { $0.contains(#""message":"init""#) })
        #expect(opened < initialised)
    }

    @Test func `a sink that stalls delays neither the response nor, beyond its time limit, the next event`()
        async throws
    {
        let run = try FunctionRun(handler: "sink", RuntimeAPI([.init(), .init()]), ["STALL": "1"])

        let posts = try await run.posts(2)
        try await run.wait("the next request") { run.api.nextCount == 3 }

        #expect(posts.map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        let export = try #require(exportTimes(run).first)
        #expect(posts[0].arrival <= export)
        // The second batch waits for the first, which never ends.
        #expect(exportTimes(run).count == 1)
        #expect(run.metrics.count == 2)
        #expect(run.lines.contains { $0.contains("export of TellingSink: took longer than its time limit") })
    }

    @Test func `the figures of the invocation that the process leaves reach the sink before it is closed`() async throws
    {
        let run = try FunctionRun(handler: "sink", RuntimeAPI([.init(body: #"{"count":60000}"#)]))
        try await run.wait("the handler") { run.lines.contains { $0.contains("begun") } }

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        #expect(run.metrics.map { $0["outcome"] as? String } == ["shutdown"])
        #expect(
            told(run).suffix(2) == [
                Told(message: "sink exports", errors: 1), Told(message: "sink closed", errors: nil),
            ])
    }
}
