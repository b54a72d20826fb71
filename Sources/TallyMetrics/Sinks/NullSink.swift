/// Takes everything and keeps nothing.
public struct NullSink: MetricSink {
    /// Creates a sink.
    public init() {}

    /// Does nothing.
    public func export(_ batch: MetricBatch) async throws {}
}
