import TallyWire

/// What is counted, timed and sized beside the figures of calls, by dotted names: where the time went that was not spent
/// waiting for a service.
///
///     context.metrics.statistics.times[.saveEncode]?.average
///
/// Adding is associative and commutative, with the empty value as its zero.
public struct Statistics: Sendable, Hashable {
    /// Names beyond which nothing new is taken: a function that makes names from events must not fill its memory.
    static let nameLimit = 200

    /// Times of local work, and of calls on the wire.
    public var times: [StatisticName: TimeStats] { timeList.dictionary }
    /// Numbers of events.
    public var counters: [StatisticName: Int] { counterList.dictionary }
    /// Sizes.
    public var attributes: [StatisticName: SizeStats] { attributeList.dictionary }
    /// What was not taken, since there were too many names already.
    public private(set) var dropped = 0

    private var timeList = StatisticList<TimeStats>()
    private var counterList = StatisticList<Int>()
    private var attributeList = StatisticList<SizeStats>()

    /// Creates the statistics of nothing.
    public init() {}

    /// Creates statistics from their parts.
    init(
        times: [StatisticName: TimeStats], counters: [StatisticName: Int], attributes: [StatisticName: SizeStats],
        dropped: Int
    ) {
        timeList = StatisticList(times)
        counterList = StatisticList(counters)
        attributeList = StatisticList(attributes)
        self.dropped = dropped
    }

    mutating func add(_ duration: Duration, at end: Timestamp, to name: StatisticName) {
        if !timeList.update(name, from: TimeStats(), { $0.add(duration, at: end) }) { dropped += 1 }
    }

    mutating func add(_ times: TimeStats, to name: StatisticName) {
        if !timeList.update(name, from: TimeStats(), { $0 += times }) { dropped += 1 }
    }

    mutating func add(_ count: Int, to name: StatisticName) {
        if !counterList.update(name, from: 0, { $0 += count }) { dropped += 1 }
    }

    mutating func note(_ size: Int, of name: StatisticName) {
        if !attributeList.update(name, from: SizeStats(), { $0.add(size) }) { dropped += 1 }
    }

    /// The statistics of both.
    public static func + (left: Statistics, right: Statistics) -> Statistics {
        var sum = left
        sum += right
        return sum
    }

    /// Adds `right` to `left`.
    public static func += (left: inout Statistics, right: Statistics) {
        left.timeList.merge(right.timeList, +)
        left.counterList.merge(right.counterList, +)
        left.attributeList.merge(right.attributeList, +)
        left.dropped += right.dropped
    }
}
