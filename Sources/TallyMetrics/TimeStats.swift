public import TallyWire

/// How long something took, of all the times that it was done.
///
///     let slow = snapshot.operations.filter { ($0.times.percentile(99) ?? .zero) > .milliseconds(100) }
///
/// Adding is associative and commutative, with the empty value as its zero. Times are kept in nanoseconds, up to 292
/// years.
public struct TimeStats: Sendable, Hashable {
    /// How many times.
    public private(set) var count = 0
    /// When what ended last did, to the millisecond.
    public private(set) var lastEnd: Timestamp?
    private(set) var histogram = LogHistogram()
    // As numbers: 128 bits, which a `Duration` has, cost several times as much to add and to compare.
    private var total: Int64 = 0
    private var least = Int64.max
    private var greatest: Int64 = 0
    private var latest: Int64 = 0

    /// All times together.
    public var sum: Duration { .nanoseconds(total) }
    /// The shortest time, `nil` when there was none.
    public var minimum: Duration? { count == 0 ? nil : .nanoseconds(least) }
    /// The longest time, `nil` when there was none.
    public var maximum: Duration? { count == 0 ? nil : .nanoseconds(greatest) }
    /// The time of what ended last, `nil` when there was none.
    public var last: Duration? { count == 0 ? nil : .nanoseconds(latest) }

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
        (self.count, self.lastEnd, self.histogram) = (count, lastEnd, histogram)
        total = sum.wholeNanoseconds
        least = minimum?.wholeNanoseconds ?? .max
        (greatest, latest) = (maximum?.wholeNanoseconds ?? 0, last?.wholeNanoseconds ?? 0)
    }

    /// The mean, `nil` when there was nothing.
    public var average: Duration? { count == 0 ? nil : sum / count }

    /// Adds one time.
    ///
    /// - Parameters:
    ///   - duration: How long it took; a negative time counts as none.
    ///   - end: When it ended.
    public mutating func add(_ duration: Duration, at end: Timestamp = .now()) {
        add(duration.wholeNanoseconds, atMillisecond: end.wholeMilliseconds)
    }

    /// Adds one time in nanoseconds, whose end is whole milliseconds already.
    mutating func add(_ nanoseconds: Int64, atMillisecond end: Timestamp) {
        let time = max(nanoseconds, 0)
        count += 1
        total = total.clampedSum(with: time)
        least = min(least, time)
        greatest = max(greatest, time)
        takeLast(time, end)
        histogram.add(UInt64(time))
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
        left.total = left.total.clampedSum(with: right.total)
        left.least = min(left.least, right.least)
        left.greatest = max(left.greatest, right.greatest)
        if let end = right.lastEnd { left.takeLast(right.latest, end) }
        left.histogram += right.histogram
    }

    /// Keeps the later; of two that ended together the longer, so that the order of adding does not matter.
    private mutating func takeLast(_ time: Int64, _ end: Timestamp) {
        if let lastEnd, (end, time) < (lastEnd, latest) { return }
        (latest, lastEnd) = (time, end)
    }
}
