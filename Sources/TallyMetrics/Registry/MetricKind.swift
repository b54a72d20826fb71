/// How the observations of a metric add up.
public enum MetricKind: Sendable, Hashable {
    /// A number of things: the sum is what counts.
    case counter
    /// Sizes or times of single events: how they spread is what counts.
    case distribution
    /// A level, such as memory: the last one counts, and a sum of two would mean nothing.
    case gauge
}

extension MetricKind {
    /// The kind that a unit suggests: things and bytes are counted, times and everything else spread.
    init(_ unit: MetricUnit) {
        self = Self.counted.contains(unit) ? .counter : .distribution
    }

    private static let counted: Set<MetricUnit> = [
        .count, .bytes, .kilobytes, .megabytes, .gigabytes, .terabytes, .bits, .kilobits, .megabits, .gigabits,
        .terabits,
    ]
}
