public import TallyWire

/// One value of one metric, at the moment of its observation.
public struct MetricObservation: Sendable, Hashable {
    /// The metric.
    public let key: MetricKey
    /// The value, always finite.
    public let value: Double
    /// When it was observed, by the clock on the wall.
    public let time: Timestamp
}
