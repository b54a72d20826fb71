import Synchronization
import TallyWire

/// What one operation of a model – a save, a get, a page – spent its time on, so that a slow one explains itself.
final class ModelOperation: Sendable {
    /// The operation under way here.
    @TaskLocal static var current: ModelOperation?

    // Kept as it comes, and summed only when somebody is told: most operations are not slow.
    private struct Event {
        /// The name of local work, or of the service that was called.
        let name: String
        let nanoseconds: Int64
        /// `nil` of local work.
        let call: Call?
    }

    private struct Call {
        let attempts: Int
        let retryDelay: Duration
        let start: Moment
        let end: Moment
    }

    private struct Share {
        var calls = 0
        var attempts = 0
        var wire = Duration.zero
        var retryDelay = Duration.zero
    }

    private struct Events {
        // A multipart upload has up to 10,000 calls, and a page as many secrets as it likes.
        static let limit = 4_096
        // What one get has, without an allocation.
        var first = InlineArray<3, Event?>(repeating: nil)
        var count = 0
        var rest: [Event] = []

        mutating func append(_ event: Event) {
            guard count < Self.limit else { return }
            if count < first.count { first[count] = event } else { rest.append(event) }
            count += 1
        }

        var all: [Event] { first.indices.compactMap { first[$0] } + rest }
    }

    private let events = Mutex(Events())

    func add(_ nanoseconds: Int64, to name: StatisticName) {
        add(Event(name: name.rawValue, nanoseconds: nanoseconds, call: nil))
    }

    func add(_ record: CallRecord, endedAt end: Moment) {
        let call = Call(
            attempts: record.attempts, retryDelay: record.retryDelay, start: record.beginning, end: end)
        add(Event(name: record.service.rawValue, nanoseconds: record.duration.wholeNanoseconds, call: call))
    }

    private func add(_ event: Event) {
        events.withLock { $0.append(event) }
    }

    /// The fields of its line, in milliseconds: local work by name, each service's calls, and the time during which at
    /// least one call was under way.
    func fields(elapsed: Duration) -> [(String, any LogValue)] {
        var local: [String: Duration] = [:]
        var shares: [String: Share] = [:]
        var calls: [Call] = []
        for event in events.withLock({ $0.all }) {
            guard let call = event.call else {
                local[event.name, default: .zero] += .nanoseconds(event.nanoseconds)
                continue
            }
            var share = shares[event.name] ?? Share()
            share.calls += 1
            share.attempts += call.attempts
            share.wire += .nanoseconds(event.nanoseconds)
            share.retryDelay += call.retryDelay
            shares[event.name] = share
            calls.append(call)
        }

        var fields: [(String, any LogValue)] = []
        for (name, duration) in local.sorted(by: { $0.key < $1.key }) {
            fields.append(("local.\(name)Ms", duration.roundedMilliseconds))
        }
        for (service, share) in shares.sorted(by: { $0.key < $1.key }) {
            let name = service.lowercased()
            fields.append(("\(name).calls", share.calls))
            fields.append(("\(name).attempts", share.attempts))
            fields.append(("\(name).wireMs", share.wire.roundedMilliseconds))
            fields.append(("\(name).retryDelayMs", share.retryDelay.roundedMilliseconds))
        }
        let waited = Self.union(calls)
        fields.append(("awsWaitMs", waited.roundedMilliseconds))
        fields.append(("localMs", max(.zero, elapsed - waited).roundedMilliseconds))
        return fields
    }

    private static func union(_ calls: [Call]) -> Duration {
        var sum = Duration.zero
        var reached: Moment?
        for call in calls.sorted(by: { $0.start < $1.start }) {
            let start = max(call.start, reached ?? call.start)
            if call.end > start { sum += start.duration(to: call.end) }
            reached = max(call.end, reached ?? call.end)
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
        let start = Moment.now
        defer {
            let nanoseconds = start.nanoseconds(to: .now)
            if nanoseconds >= threshold, scope.takeSlowCallLine() {
                let elapsed = Duration.nanoseconds(nanoseconds)
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
