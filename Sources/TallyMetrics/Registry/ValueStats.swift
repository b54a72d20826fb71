/// What is known of some observations of one metric: how many, their sum, the extremes, and how they spread.
///
/// Adding is exact for everything but the rounding of the sum, with the empty value as its zero.
public struct ValueStats: Sendable, Hashable {
    /// How many observations.
    public private(set) var count = 0
    /// All of them together.
    public private(set) var sum = 0.0
    /// The least, `nil` when there was none.
    public private(set) var minimum: Double?
    /// The greatest, `nil` when there was none.
    public private(set) var maximum: Double?
    /// The last, `nil` when there was none.
    public private(set) var last: Double?
    private(set) var histogram = ValueHistogram()

    /// Creates the statistics of nothing.
    public init() {}

    /// The mean, `nil` when there was nothing.
    public var average: Double? { count == 0 ? nil : sum / Double(count) }

    /// Adds an observation.
    ///
    /// - Parameter value: A finite number; any other would spoil all the rest and is left out.
    public mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        count += 1
        sum += value
        minimum = min(minimum ?? value, value)
        maximum = max(maximum ?? value, value)
        last = value
        histogram.add(value)
    }

    /// The value that so many of a hundred observations did not exceed, by nearest rank.
    ///
    /// - Parameter percent: From 0 to 100; what lies outside counts as the bound.
    /// - Returns: At most 6.25 % off and never beyond ``minimum`` and ``maximum``; `nil` when there was nothing.
    public func percentile(_ percent: Double) -> Double? {
        guard let minimum, let maximum else { return nil }
        let fraction = percent > 0 ? Swift.min(percent, 100) / 100 : 0
        let rank = Swift.max(1, Int((fraction * Double(count)).rounded(.up)))
        guard let value = histogram.value(ofRank: rank) else { return maximum }
        return Swift.min(Swift.max(value, minimum), maximum)
    }

    /// The values and how often each was seen, ascending.
    ///
    /// Values within a sixteenth of a power of two of each other are told as their mean: a single value is exact, and
    /// the sum of all is.
    public var values: [(value: Double, count: Int)] { histogram.buckets.map { ($0.value, $0.count) } }

    /// How many observations lie at or below each bound and above the one before, and how many above the last.
    ///
    /// - Parameter bounds: Powers of two, ascending; the counts are exact for these.
    /// - Returns: One count more than there are bounds.
    public func counts(bounds: [Double]) -> [Int] { histogram.counts(bounds: bounds) }

    /// The statistics of both.
    public static func + (left: ValueStats, right: ValueStats) -> ValueStats {
        var sum = left
        sum += right
        return sum
    }

    /// Adds `right`, which came later, to `left`.
    public static func += (left: inout ValueStats, right: ValueStats) {
        left.count += right.count
        left.sum += right.sum
        left.minimum = right.minimum.map { min(left.minimum ?? $0, $0) } ?? left.minimum
        left.maximum = right.maximum.map { max(left.maximum ?? $0, $0) } ?? left.maximum
        left.last = right.last ?? left.last
        left.histogram += right.histogram
    }
}
