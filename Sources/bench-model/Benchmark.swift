import Tally

/// Runs a scenario for some time and prints what an operation cost.
struct Benchmark: Sendable {
    private static let warmUp = 0.2

    let scenario: Scenario
    let seconds: Double
    let store: Store
    /// How much is measured by the library itself.
    let level: MetricsLevel
    /// The bytes of JSON that an operation reads or writes, where their speed is what is measured.
    let size: @Sendable () throws -> Int?

    func run() async throws -> String {
        let operation = try await scenario.prepare(store)
        try await repeating(operation, for: Self.warmUp)
        // As in a function, calls are looked at for slow ones; none is, not even under valgrind.
        let scope = MetricsScope(level: level, slowCallThreshold: .seconds(3_600))
        let result = try await MetricsScope.$current.withValue(scope) {
            let cpu = ProcessUsage.cpu
            let start = ProcessUsage.time
            let count = try await repeating(operation, for: seconds)
            return (count: count, wall: ProcessUsage.time - start, cpu: ProcessUsage.cpu - cpu)
        }
        try check(scope.snapshot(), operations: result.count)
        let speed =
            try size().map { bytes in ",\"mb_s\":\(rounded(Double(bytes * result.count) / result.cpu / 1e6))" } ?? ""
        return """
            {"ops_s":\(rounded(Double(result.count) / result.wall)),\
            "cpu_us":\(rounded(result.cpu * 1e6 / Double(result.count))),"rss_mb":\(rounded(ProcessUsage.peakMemory))\(speed)}
            """
    }

    /// Runs the one operation of a process that was started at `start`, by ``ProcessUsage/time``.
    func runCold(since start: Double) async throws -> String {
        let (_, metrics) = try await Metrics.withScope { try await scenario.prepare(store)() }
        let ready = ProcessUsage.time - start
        try check(metrics, operations: 1)
        return """
            {"ready_ms":\(rounded(ready * 1e3)),"cpu_ms":\(rounded(ProcessUsage.cpu * 1e3)),\
            "rss_mb":\(rounded(ProcessUsage.peakMemory))}
            """
    }

    @discardableResult
    private func repeating(_ operation: @Sendable () async throws -> Void, for seconds: Double) async throws -> Int {
        let end = ProcessUsage.time + seconds
        var count = 0
        repeat {
            try await operation()
            count += 1
        } while ProcessUsage.time < end
        return count
    }

    private func check(_ metrics: MetricsSnapshot, operations: Int) throws {
        guard metrics.isRecorded else { return }
        let recorded = Calls(dynamoDB: metrics.operationCount, kms: metrics.kmsCalls, s3: metrics.s3Calls)
        let made = scenario.calls * operations
        try Failure.unless(recorded == made, "recorded \(recorded), made \(made)")
    }

    private func rounded(_ value: Double) -> Double {
        (value * 100).rounded() / 100
    }
}
