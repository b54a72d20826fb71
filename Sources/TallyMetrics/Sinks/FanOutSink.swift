/// Hands what it gets to several sinks, each in a task of its own with a time limit of its own.
///
/// It never throws: a sink that fails or stalls loses its own batch only, which is counted.
///
/// What a sink has not taken comes again with the next batch, which is exact: counts, extremes and histograms of two
/// batches add up, and the sum does but for rounding. After three further exports without success, it is lost.
public final class FanOutSink: MetricEventSink {
    private let lanes: [SinkLane]
    private let eventSinks: [any MetricEventSink]
    private let timeLimit: Duration

    /// Creates a sink.
    ///
    /// - Parameters:
    ///   - sinks: Where everything goes.
    ///   - timeLimit: How long each of them may take to open, for each export, and to close.
    ///   - clock: The time.
    ///   - logger: Is told of each kind of failure once.
    public init(
        _ sinks: [any MetricSink], timeLimit: Duration = .seconds(5), clock: MetricsClock = .system,
        logger: Logger = Logger()
    ) {
        self.timeLimit = timeLimit
        lanes = sinks.map { SinkLane($0, clock: clock, logger: logger) }
        eventSinks = sinks.compactMap { $0 as? any MetricEventSink }
    }

    /// Observations that did not reach a sink, by its name; those that lost nothing are not in it.
    public var lostObservations: [String: Int] {
        lanes.reduce(into: [:]) { losses, lane in
            let lost = lane.lostObservations
            if lost > 0 { losses[lane.name, default: 0] += lost }
        }
    }

    /// Whether any sink sees single observations.
    var observes: Bool { !eventSinks.isEmpty }

    /// Takes the losses that were not told yet, as observations for the other sinks.
    func drainLosses() -> [(key: MetricKey, value: Double)] {
        lanes.compactMap { lane in
            let lost = lane.drainLosses()
            return lost == 0 ? nil : (SinkLane.lossKey(of: lane.name), Double(lost))
        }
    }

    /// Hands an observation to those that see them.
    public func observe(_ observation: MetricObservation) {
        for sink in eventSinks { sink.observe(observation) }
    }

    /// Opens all of them.
    public func open() async {
        await each { lane, limit in await lane.open(within: limit) }
    }

    /// Hands a batch to all of them.
    public func export(_ batch: MetricBatch) async {
        await export(batch, within: timeLimit)
    }

    /// Closes all of them.
    public func close() async {
        await each { lane, limit in await lane.close(within: limit) }
    }

    func export(_ batch: MetricBatch, within limit: Duration) async {
        await each(within: limit) { lane, limit in await lane.export(batch, within: limit) }
    }

    func open(within limit: Duration) async {
        await each(within: limit) { lane, limit in await lane.open(within: limit) }
    }

    func close(within limit: Duration) async {
        await each(within: limit) { lane, limit in await lane.close(within: limit) }
    }

    private func each(
        within limit: Duration? = nil, _ work: @escaping @Sendable (SinkLane, Duration) async -> Void
    ) async {
        let limit = min(limit ?? timeLimit, timeLimit)
        await withTaskGroup { group in
            for lane in lanes {
                group.addTask { await work(lane, limit) }
            }
        }
    }
}
