import Synchronization

/// What one operation of a model – a save, a get, a page – spent its time on, so that a slow one explains itself.
final class ModelOperation: Sendable {
    /// The operation under way here.
    @TaskLocal static var current: ModelOperation?

    private struct Sums {
        var local: [StatisticName: Duration] = [:]
        var services: [Service: Share] = [:]
        var waits: [(start: ContinuousClock.Instant, end: ContinuousClock.Instant)] = []
    }

    private struct Share {
        var calls = 0
        var attempts = 0
        var wire = Duration.zero
        var retryDelay = Duration.zero
    }

    // A multipart upload has up to 10,000 calls.
    private static let waitLimit = 256
    private let sums = Mutex(Sums())

    func add(_ duration: Duration, to name: StatisticName) {
        sums.withLock { $0.local[name, default: .zero] += duration }
    }

    func add(_ record: CallRecord, endedAt end: ContinuousClock.Instant) {
        sums.withLock { sums in
            var share = sums.services[record.service] ?? Share()
            share.calls += 1
            share.attempts += record.attempts
            share.wire += record.duration
            share.retryDelay += record.retryDelay
            sums.services[record.service] = share
            if sums.waits.count < Self.waitLimit { sums.waits.append((record.start, end)) }
        }
    }

    /// The fields of its line, in milliseconds: local work by name, each service's calls, and the time during which at
    /// least one call was under way.
    func fields(elapsed: Duration) -> [(String, any LogValue)] {
        let sums = sums.withLock { $0 }
        var fields: [(String, any LogValue)] = []
        for (name, duration) in sums.local.sorted(by: { $0.key < $1.key }) {
            fields.append(("local.\(name.rawValue)Ms", duration.roundedMilliseconds))
        }
        for (service, share) in sums.services.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let name = service.rawValue.lowercased()
            fields.append(("\(name).calls", share.calls))
            fields.append(("\(name).attempts", share.attempts))
            fields.append(("\(name).wireMs", share.wire.roundedMilliseconds))
            fields.append(("\(name).retryDelayMs", share.retryDelay.roundedMilliseconds))
        }
        let waited = Self.union(sums.waits)
        fields.append(("awsWaitMs", waited.roundedMilliseconds))
        fields.append(("localMs", max(.zero, elapsed - waited).roundedMilliseconds))
        return fields
    }

    private static func union(
        _ waits: [(start: ContinuousClock.Instant, end: ContinuousClock.Instant)]
    ) -> Duration {
        var sum = Duration.zero
        var reached: ContinuousClock.Instant?
        for wait in waits.sorted(by: { $0.start < $1.start }) {
            let start = max(wait.start, reached ?? wait.start)
            if wait.end > start { sum += start.duration(to: wait.end) }
            reached = max(wait.end, reached ?? wait.end)
        }
        return sum
    }
}

extension MetricsScope {
    /// Does an operation of a model, and tells the log where its time went when it took long.
    ///
    /// - Parameters:
    ///   - operation: What it is called, such as `save`.
    ///   - model: The model.
    ///   - table: The model's table, asked for only when it is told.
    ///   - isolation: Where it is done.
    ///   - work: The operation; what it does in child tasks counts.
    /// - Returns: What `work` returned.
    /// - Throws: What `work` throws; a slow failure is told as well.
    package static func explaining<Result>(
        _ operation: String, of model: ModelName, table: @autoclosure () -> String?,
        isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> Result
    ) async rethrows -> Result {
        // One inside another is part of the outer one's time.
        guard let scope = current, let threshold = scope.slowCallThreshold, ModelOperation.current == nil else {
            return try await work()
        }
        let account = ModelOperation()
        let start = ContinuousClock.now
        defer {
            let elapsed = start.duration(to: .now)
            if elapsed >= threshold, scope.takeSlowCallLine() {
                var fields: [(String, any LogValue)] = [
                    ("operation", operation), ("model", model.rawValue), ("durationMs", elapsed.roundedMilliseconds),
                ]
                if let table = table() { fields.append(("table", table)) }
                scope.processLogger.warning(
                    "a slow operation of a model", fields: fields + account.fields(elapsed: elapsed))
            }
        }
        return try await ModelOperation.$current.withValue(account) { try await work() }
    }
}
