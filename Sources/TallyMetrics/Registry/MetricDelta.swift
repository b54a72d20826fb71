public import TallyWire

/// What was observed of one metric since it was last exported.
public struct MetricDelta: Sendable, Hashable {
    /// The metric.
    public let key: MetricKey
    /// Its observations.
    public private(set) var stats: ValueStats
    /// From when on, by the clock on the wall.
    public private(set) var start: Timestamp
    /// Until when.
    public private(set) var end: Timestamp

    /// Creates a delta.
    ///
    /// - Parameters:
    ///   - key: The metric.
    ///   - stats: Its observations.
    ///   - start: From when on.
    ///   - end: Until when.
    public init(key: MetricKey, stats: ValueStats, start: Timestamp, end: Timestamp) {
        self.key = key
        self.stats = stats
        self.start = start
        self.end = end
    }

    /// Adds what was observed later of the same metric.
    mutating func add(_ later: MetricDelta) {
        stats += later.stats
        start = min(start, later.start)
        end = max(end, later.end)
    }
}
