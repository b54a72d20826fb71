import Synchronization

/// Keeps everything, for a test to look at.
public final class InMemorySink: MetricEventSink {
    private struct State {
        var batches: [MetricBatch] = []
        var observations: [MetricObservation] = []
        var openings = 0
        var closings = 0
    }

    private let state = Mutex(State())

    /// Creates an empty sink.
    public init() {}

    /// The batches in their order.
    public var batches: [MetricBatch] { state.withLock { $0.batches } }

    /// Each observation in its order.
    public var observations: [MetricObservation] { state.withLock { $0.observations } }

    /// How often it was opened.
    public var openCount: Int { state.withLock { $0.openings } }

    /// How often it was closed.
    public var closeCount: Int { state.withLock { $0.closings } }

    /// All that was exported of the metrics of one name, whatever their dimensions.
    ///
    /// - Parameter name: The metrics' name.
    /// - Returns: The statistics of all batches; empty when there was nothing.
    public func total(of name: String) -> ValueStats {
        batches.flatMap(\.deltas).filter { $0.key.name == name }.reduce(ValueStats()) { $0 + $1.stats }
    }

    /// Counts the opening.
    public func open() async throws {
        state.withLock { $0.openings += 1 }
    }

    /// Keeps an observation.
    public func observe(_ observation: MetricObservation) {
        state.withLock { $0.observations.append(observation) }
    }

    /// Keeps a batch.
    public func export(_ batch: MetricBatch) async throws {
        state.withLock { $0.batches.append(batch) }
    }

    /// Counts the closing.
    public func close() async {
        state.withLock { $0.closings += 1 }
    }
}
