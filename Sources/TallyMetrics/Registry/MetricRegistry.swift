import Synchronization
import TallyWire

/// The metrics of a process: what goes on now, for looking at, and what is not yet exported, for sinks.
///
///     let registry = MetricRegistry()
///     registry.record(12.5, of: MetricKey("PickingTime", unit: .milliseconds))
///     let now = registry.snapshot(of: MetricKey("PickingTime", unit: .milliseconds))   // the last 60 s
///     let batch = registry.drain()                                                      // since the last drain
///
/// Each observation is in exactly one drained batch, whatever the threads and however often it is drained; looking
/// takes nothing away. Memory is bounded: beyond a number of distinct dimensions, observations count for a metric whose
/// dimensions all have the value `other`.
///
/// May be used from any thread.
public final class MetricRegistry: Sendable {
    private struct Entry {
        var window = RollingWindow()
        var delta = ValueStats()
    }

    private struct State {
        var entries: [MetricKey: Entry] = [:]
        var tuples: Set<[MetricDimension]> = []
        var drained: Timestamp
        var refused = 0
        var isOverflowing = false
    }

    /// What there is to warn of.
    private enum Warning {
        case overflow(MetricKey)
        case refusal(MetricRefusal)
    }

    private let tupleLimit: Int
    private let keyLimit: Int
    private let clock: MetricsClock
    private let logger: Logger
    private let origin: ContinuousClock.Instant
    private let state: Mutex<State>
    private let refusals = RefusalLog()

    /// Creates an empty registry.
    ///
    /// - Parameters:
    ///   - tupleLimit: How many different combinations of dimensions are kept apart.
    ///   - clock: The time.
    ///   - logger: Is told once when there are more of them, and once for each name that is refused.
    public init(tupleLimit: Int = 200, clock: MetricsClock = .system, logger: Logger = Logger()) {
        self.tupleLimit = tupleLimit
        // Names are in the code and few; one who makes them from events must not fill the memory all the same.
        keyLimit = max(1_000, tupleLimit * 10)
        self.clock = clock
        self.logger = logger
        origin = clock.now()
        state = Mutex(State(drained: clock.wallTime()))
    }

    /// Observations that were not taken: no finite number, a key that no sink takes, or too many metrics already.
    public var refusedObservations: Int { state.withLock { $0.refused } }

    // MARK: - Recording

    /// Records one observation.
    ///
    /// - Parameters:
    ///   - value: A finite number between -2^360 and 2^360; any other is refused and counted.
    ///   - key: The metric.
    public func record(_ value: Double, of key: MetricKey) {
        record([(key, value)])
    }

    /// Records observations that were made together.
    ///
    /// - Parameter values: Metrics and their values.
    /// - Returns: What was taken, under the keys that it was taken for.
    @discardableResult
    func record(_ values: [(key: MetricKey, value: Double)]) -> [MetricObservation] {
        let moment = RegistryMoment(clock, since: origin)
        var taken: [MetricObservation] = []
        taken.reserveCapacity(values.count)
        var warnings: [Warning] = []
        state.withLock { state in
            for (key, value) in values {
                guard let place = place(for: key, value, in: &state, &warnings) else {
                    state.refused += 1
                    continue
                }
                state.entries[place, default: Entry()].window.add(value, at: moment.second)
                state.entries[place]?.delta.add(value)
                taken.append(MetricObservation(key: place, value: value, time: moment.time))
            }
        }
        for warning in warnings { warn(warning) }
        return taken
    }

    /// The key under which a value is taken; `nil` when it is not.
    private func place(
        for key: MetricKey, _ value: Double, in state: inout State, _ warnings: inout [Warning]
    ) -> MetricKey? {
        func refuse(_ reason: String) -> MetricKey? {
            warnings.append(.refusal(MetricRefusal(name: key.name, reason: reason)))
            return nil
        }
        if let fault = MetricRules.fault(inValue: value) { return refuse(fault) }
        if state.entries[key] != nil { return key }

        if let fault = key.fault { return refuse(fault) }
        var place = key
        if !state.tuples.contains(key.dimensions) {
            if state.tuples.count < tupleLimit {
                state.tuples.insert(key.dimensions)
            } else {
                place = key.overflow
                if !state.isOverflowing { warnings.append(.overflow(key)) }
                state.isOverflowing = true
            }
        }
        guard state.entries[place] != nil || state.entries.count < keyLimit else {
            return refuse("there are \(state.entries.count) metrics already. Use fewer names")
        }
        return place
    }

    private func warn(_ warning: Warning) {
        switch warning {
        case .overflow(let key):
            logger.warning(
                "metrics: more than \(tupleLimit) combinations of dimensions, now of \(quoted(key.name)). Further ones are "
                    + "told as \"other\". Leave out dimensions with many values, or set properties in their place.")
        case .refusal(let refusal):
            if refusals.isFirst(of: refusal.name) { logger.warning("\(refusal).") }
        }
    }

    // MARK: - Looking

    /// What was observed of one metric in the last 60 seconds.
    ///
    /// - Parameter key: The metric.
    /// - Returns: The window, `nil` when the metric was never observed.
    public func snapshot(of key: MetricKey) -> MetricWindow? {
        let moment = RegistryMoment(clock, since: origin)
        return state.withLock { state in
            state.entries[key].map { MetricWindow(key, $0.window.contents(at: moment.second), at: moment) }
        }
    }

    /// What was observed of each metric in the last 60 seconds.
    ///
    /// - Returns: The windows of all metrics that were ever observed, in the order of their keys.
    public func snapshots() -> [MetricWindow] {
        let moment = RegistryMoment(clock, since: origin)
        let windows = state.withLock { state in
            state.entries.map { MetricWindow($0, $1.window.contents(at: moment.second), at: moment) }
        }
        return windows.sorted { $0.key < $1.key }
    }

    // MARK: - Exporting

    /// Takes what was observed since the last drain.
    ///
    /// - Returns: The observations; the metrics that had none are not in it.
    public func drain() -> MetricBatch {
        let end = clock.wallTime()
        let deltas = state.withLock { state in
            defer { state.drained = end }
            var deltas: [MetricDelta] = []
            for (key, entry) in state.entries where entry.delta.count > 0 {
                deltas.append(MetricDelta(key: key, stats: entry.delta, start: state.drained, end: end))
                state.entries[key]?.delta = ValueStats()
            }
            return deltas
        }
        return MetricBatch(deltas)
    }
}
