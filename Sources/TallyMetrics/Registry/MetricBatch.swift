/// What one export hands to a sink: each metric that was observed since the last one.
public struct MetricBatch: Sendable, Hashable {
    /// The metrics, each once, in the order of their keys.
    public private(set) var deltas: [MetricDelta]

    /// Creates a batch.
    ///
    /// - Parameter deltas: In any order; what has the same key is added up.
    public init(_ deltas: some Sequence<MetricDelta> = []) {
        self.deltas = []
        add(deltas)
    }

    /// Whether nothing was observed.
    public var isEmpty: Bool { deltas.isEmpty }

    /// How many observations there are in all.
    public var observationCount: Int { deltas.reduce(0) { $0 + $1.stats.count } }

    /// Adds what was observed later.
    mutating func add(_ later: some Sequence<MetricDelta>) {
        var sums: [MetricKey: MetricDelta] = [:]
        for delta in deltas { sums[delta.key] = delta }
        for delta in later {
            if sums[delta.key] == nil { sums[delta.key] = delta } else { sums[delta.key]?.add(delta) }
        }
        deltas = sums.values.sorted { $0.key < $1.key }
    }
}
