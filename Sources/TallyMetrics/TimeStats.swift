public import TallyWire

/// How long something took, of all the times that it was done.
///
///     let slow = snapshot.operations.filter { ($0.times.percentile(99) ?? .zero) > .milliseconds(100) }
///
/// Adding is associative and commutative, with the empty value as its zero.
public struct TimeStats: Sendable, Hashable {
    /// How many times.
    public private(set) var count = 0
    /// All times together.
    public private(set) var sum = Duration.zero
    /// The shortest time, `nil` when there was none.
    public private(set) var minimum: Duration?
    /// The longest time, `nil` when there was none.
    public private(set) var maximum: Duration?
    /// The time of what ended last, `nil` when there was none.
    public private(set) var last: Duration?
    /// When that ended, to the millisecond.
    public private(set) var lastEnd: Timestamp?
    private(set) var histogram = LogHistogram()

    /// Creates the statistics of nothing.
    public init() {}

    /// Restores statistics; `nil` where the parts cannot be those of any.
    init?(
        count: Int, sum: Duration, minimum: Duration?, maximum: Duration?, last: Duration?, lastEnd: Timestamp?,
        histogram: LogHistogram
    ) {
        guard count >= 0, count == histogram.count, (count == 0) == (minimum == nil), (count == 0) == (maximum == nil),
            (count == 0) == (last == nil), (last == nil) == (lastEnd == nil)
        else { return nil }
        (self.count, self.sum, self.histogram) = (count, sum, histogram)
        (self.minimum, self.maximum, self.last, self.lastEnd) = (minimum, maximum, last, lastEnd)
    }

    /// The mean, `nil` when there was nothing.
    public var average: Duration? { count == 0 ? nil : sum / count }

    /// Adds one time.
    ///
    /// - Parameters:
    ///   - duration: How long it took; a negative time counts as none.
    ///   - end: When it ended.
    public mutating func add(_ duration: Duration, at end: Timestamp = .now()) {
        let duration = max(duration, .zero)
        count += 1
        sum += duration
        minimum = min(minimum ?? duration, duration)
        maximum = max(maximum ?? duration, duration)
        takeLast(duration, Timestamp(milliseconds: end.milliseconds))
        histogram.add(duration.wholeNanoseconds)
    }

    /// The time that so many of a hundred did not exceed, by nearest rank.
    ///
    /// - Parameter percent: From 0 to 100; what lies outside counts as the bound.
    /// - Returns: At most 6.25 % above the true value and never beyond ``minimum`` and ``maximum``; `nil` when there was
    ///   nothing.
    public func percentile(_ percent: Double) -> Duration? {
        guard let minimum, let maximum else { return nil }
        let fraction = percent > 0 ? Swift.min(percent, 100) / 100 : 0
        let rank = Swift.max(1, Int((fraction * Double(count)).rounded(.up)))
        guard let value = histogram.value(ofRank: rank) else { return maximum }
        return Swift.min(Swift.max(.nanoseconds(Int64(clamping: value)), minimum), maximum)
    }

    /// The statistics of both.
    public static func + (left: TimeStats, right: TimeStats) -> TimeStats {
        var sum = left
        sum += right
        return sum
    }

    /// Adds `right` to `left`.
    public static func += (left: inout TimeStats, right: TimeStats) {
        left.count += right.count
        left.sum += right.sum
        left.minimum = right.minimum.map { min(left.minimum ?? $0, $0) } ?? left.minimum
        left.maximum = right.maximum.map { max(left.maximum ?? $0, $0) } ?? left.maximum
        if let last = right.last, let end = right.lastEnd { left.takeLast(last, end) }
        left.histogram += right.histogram
    }

    /// Keeps the later; of two that ended together the longer, so that the order of adding does not matter.
    private mutating func takeLast(_ duration: Duration, _ end: Timestamp) {
        guard let last, let lastEnd, (end, duration) < (lastEnd, last) else {
            (self.last, self.lastEnd) = (duration, end)
            return
        }
    }
}

extension Duration {
    /// Nanoseconds of a time that is not negative, rounded down; the greatest number where they do not fit.
    var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds < 18_000_000_000 else { return .max }
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
