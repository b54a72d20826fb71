import Foundation
import TallyMetrics
import TallyWire
import Testing

@testable import TallyRuntime

@Suite struct InvocationReporterTests {
    /// The lines of an invocation that made a call of a table with an index, slow by its start.
    private func lines(
        _ environment: [String: String], start: FunctionInfo.InitializationType? = nil
    ) throws -> [[String: Any]] {
        let path = FileManager.default.temporaryDirectory.appending(path: "tally-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let file = try #require(FileHandle(forWritingAtPath: path))
        let environment = environment.merging(["AWS_LAMBDA_FUNCTION_NAME": "orders"]) { own, _ in own }
        let reporter = InvocationReporter(
            try MetricsConfiguration { environment[$0] }, initializationType: start,
            output: LineOutput(fileDescriptor: file.fileDescriptor))

        let now = ContinuousClock.now
        let scope = reporter.scope(for: InvocationInfo(requestID: "r-1"))
        var call = CallRecord(
            service: .dynamoDB, operation: "PutItem", resource: "orders", start: now - .milliseconds(150))
        call.attempts = 1
        call.capacityShares = [CapacityShare(table: "orders", part: .globalIndex("by-day"), writeUnits: 2)]
        call.throttleCauses = [ThrottleCause(reason: "r", table: "orders", index: nil)]
        MetricsScope.record(call, in: scope, at: now)
        reporter.write(.success, of: scope, handlerStart: Moment(now))
        reporter.write(.success, of: scope, handlerStart: Moment(now))

        try file.close()
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    @Test func `at level detailed the further lines follow the invocation's, once`() throws {
        let lines = try lines(["TALLY_METRICS_LEVEL": "detailed", "TALLY_SLOW_CALL_MS": "0"])

        #expect(lines.map { $0["part"] as? Int } == [nil, 2, 3])
        #expect(lines.map { $0["requestId"] as? String } == ["r-1", "r-1", "r-1"])
        #expect(lines.map { $0["index"] as? String } == [nil, nil, "by-day"])
    }

    @Test func `at level summary there is one line, with why calls were throttled`() throws {
        let lines = try lines(["TALLY_SLOW_CALL_MS": "0"])

        #expect(lines.count == 1)
        #expect((lines.first?["throttlingReasons"] as? [[String: Any]])?.count == 1)
        #expect(lines.first?["slowCalls"] == nil)
    }

    @Test(arguments: [("", true), ("150", true), ("151", false), ("0", false)])
    func `a call as slow as the variable says is told before the line, and counted on it`(
        milliseconds: String, isSlow: Bool
    ) throws {
        let lines = try lines(["TALLY_SLOW_CALL_MS": milliseconds])

        #expect(lines.count == (isSlow ? 2 : 1))
        #expect((lines.first?["message"] as? String == "a slow call") == isSlow)
        #expect(lines.last?["slowCalls"] as? Int == (isSlow ? 1 : nil))
    }

    @Test(arguments: [
        (FunctionInfo.InitializationType?.none, 1), (.onDemand, 1), (.snapStart, 1), (.provisionedConcurrency, 0),
        (.managedInstances, 0),
    ])
    func `an invocation for which no process was started ahead has a cold start`(
        start: FunctionInfo.InitializationType?, coldStarts: Int
    ) throws {
        #expect(try lines([:], start: start).last?["ColdStart"] as? Int == coldStarts)
    }

    @Test func `at level none there is no line at all`() throws {
        #expect(try lines(["TALLY_METRICS_LEVEL": "none"]).isEmpty)
    }
}
