import Synchronization

/// One sink, kept apart from all others: what it has not placed yet, and what it lost.
final class SinkLane: Sendable {
    private struct State {
        var isOpen = false
        /// Whether an open, export or close is under way, perhaps beyond its time limit.
        var isBusy = false
        /// What comes again with the next batch.
        var pending = MetricBatch()
        /// Exports in a row that left something pending.
        var failures = 0
        /// Until when the sink has asked to be left alone.
        var silence: ContinuousClock.Instant?
        var lost = 0
        var untold = 0
        var warned: Set<String> = []
    }

    /// Further exports in which what was not placed comes again.
    static let retryLimit = 3

    /// How long a sink that stalled is left alone: in Lambda, each export that it lets time out holds back an event.
    static let restAfterStall = Duration.seconds(30)

    let sink: any MetricSink
    let name: String
    /// The metric of the sink's own losses, which it is not told: each failure would make the next batch.
    private let lossKey: MetricKey
    private let clock: MetricsClock
    private let logger: Logger
    private let state = Mutex(State())

    init(_ sink: any MetricSink, clock: MetricsClock, logger: Logger) {
        self.sink = sink
        self.clock = clock
        self.logger = logger
        name = sink.name
        lossKey = Self.lossKey(of: name)
    }

    static func lossKey(of sink: String) -> MetricKey {
        MetricKey(.lostObservations, dimensions: [MetricDimension(name: "sink", value: sink)])
    }

    var lostObservations: Int { state.withLock { $0.lost } }

    /// Takes the number of losses that were not told yet.
    func drainLosses() -> Int {
        state.withLock { state in
            defer { state.untold = 0 }
            return state.untold
        }
    }

    // MARK: - Open, export, close

    func open(within limit: Duration) async {
        guard begin() else { return }
        let sink = sink
        let outcome = await run(within: limit) { try await sink.open() }
        if case .done = outcome { return state.withLock { $0.isOpen = true } }
        warn(of: outcome, doing: "open")
    }

    func export(_ batch: MetricBatch, within limit: Duration) async {
        let deltas = batch.deltas.filter { $0.key != lossKey }
        let isDue = state.withLock { state in
            state.pending.add(deltas)
            return !state.pending.isEmpty
        }
        guard isDue, !isSilent else { return }
        if !state.withLock({ $0.isOpen }) { await open(within: limit) }
        guard state.withLock({ $0.isOpen }), begin() else { return postpone() }

        let due = state.withLock { state in
            defer { state.pending = MetricBatch() }
            return state.pending
        }
        let sink = sink
        let outcome = await run(within: limit) { try await sink.export(due) }
        switch outcome {
        case .done: return state.withLock { $0.failures = 0 }
        case .stalled:
            // It may have arrived; sent again, it would count twice.
            lose(due.observationCount)
            beSilent(for: Self.restAfterStall)
        case .failed(let error as MetricSinkError):
            lose(error.lostObservations)
            beSilent(for: error.retryAfter)
            if error.unsent.isEmpty { state.withLock { $0.failures = 0 } } else { postpone(error.unsent) }
        case .failed: postpone(due.deltas)
        }
        warn(of: outcome, doing: "export")
    }

    /// Ends the sink's work; what is still pending is lost.
    func close(within limit: Duration) async {
        let (rest, isOpen) = state.withLock { state in
            defer {
                state.pending = MetricBatch()
                state.isOpen = false
            }
            return (state.pending.observationCount, state.isOpen)
        }
        lose(rest)
        guard isOpen else { return }
        let sink = sink
        let outcome = await run(within: limit) { await sink.close() }
        warn(of: outcome, doing: "close")
    }

    private var isSilent: Bool {
        guard let silence = state.withLock({ $0.silence }) else { return false }
        return clock.now() < silence
    }

    private func beSilent(for duration: Duration?) {
        let end = duration.map { clock.now() + $0 }
        state.withLock { $0.silence = end }
    }

    /// - Returns: Whether nothing else is under way.
    private func begin() -> Bool {
        state.withLock { state in
            guard !state.isBusy else { return false }
            state.isBusy = true
            return true
        }
    }

    private func run(
        within limit: Duration, _ body: @escaping @Sendable () async throws -> Void
    ) async -> TimedWork.Outcome {
        // A scope that records nothing: what a sink does is no call of an invocation, and would be a late one.
        let scope = MetricsScope(InvocationInfo(deadline: clock.now() + limit), level: .none)
        return await TimedWork.run(within: limit, sleep: clock.sleep) { [self] in
            state.withLock { $0.isBusy = false }
        } _: {
            try await MetricsScope.$current.withValue(scope) { try await body() }
        }
    }

    // MARK: - Losses

    /// Keeps what was not placed for the next export, unless that has been so for too long.
    private func postpone(_ unsent: [MetricDelta] = []) {
        let excess = state.withLock { state in
            // Only in the order of time the last value of a gauge stays the last.
            var pending = MetricBatch(unsent)
            pending.add(state.pending.deltas)
            state.pending = pending
            state.failures += 1
            guard state.failures > Self.retryLimit else { return 0 }
            state.failures = 0
            state.pending = MetricBatch()
            return pending.observationCount
        }
        lose(excess)
    }

    private func lose(_ count: Int) {
        state.withLock { state in
            state.lost += count
            state.untold += count
        }
    }

    private func warn(of outcome: TimedWork.Outcome, doing work: String) {
        let (code, message): (String, String)
        switch outcome {
        case .done: return
        case .stalled: (code, message) = ("stalled", "took longer than its time limit and was left alone")
        case .failed(let error as MetricSinkError): (code, message) = (error.code, "\(error)")
        case .failed(let error): (code, message) = (String(describing: type(of: error)), "\(error)")
        }
        guard state.withLock({ $0.warned.insert("\(work) \(code)").inserted }) else { return }
        logger.warning(
            "metrics: \(work) of \(name): \(message). Further failures of this kind are counted only.",
            ["lostObservations": lostObservations])
    }
}
