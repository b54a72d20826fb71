import TallyWire

/// What is counted, timed and sized beside the figures of calls, by dotted names: where the time went that was not
/// spent waiting for a service.
///
///     context.metrics.statistics.times[.saveEncode]?.average
///
/// Adding is associative and commutative, with the empty value as its zero.
public struct Statistics: Sendable, Hashable {
    /// Names beyond which nothing new is taken: a function that makes names from events must not fill its memory.
    static let nameLimit = 200

    /// Times of local work, and of calls on the wire.
    public var times: [StatisticName: TimeStats] { timeTable.dictionary }
    /// Numbers of events.
    public var counters: [StatisticName: Int] { counterTable.dictionary }
    /// Sizes.
    public var attributes: [StatisticName: SizeStats] { attributeTable.dictionary }
    /// What was not taken, since there were too many names already.
    public private(set) var dropped = 0

    private var timeTable = SmallTable<StatisticName, TimeStats>()
    private var counterTable = SmallTable<StatisticName, Int>()
    private var attributeTable = SmallTable<StatisticName, SizeStats>()

    /// Creates the statistics of nothing.
    public init() {}

    /// Creates statistics from their parts.
    init(
        times: [StatisticName: TimeStats], counters: [StatisticName: Int], attributes: [StatisticName: SizeStats],
        dropped: Int
    ) {
        timeTable = SmallTable(times)
        counterTable = SmallTable(counters)
        attributeTable = SmallTable(attributes)
        self.dropped = dropped
    }

    mutating func add(_ nanoseconds: Int64, atMillisecond end: Timestamp, to name: StatisticName) {
        note(
            timeTable.update(name, from: TimeStats(), upTo: Self.nameLimit) {
                $0.add(nanoseconds, atMillisecond: end)
            })
    }

    mutating func add(_ times: TimeStats, to name: StatisticName) {
        note(timeTable.update(name, from: TimeStats(), upTo: Self.nameLimit) { $0 += times })
    }

    mutating func add(_ count: Int, to name: StatisticName) {
        note(counterTable.update(name, from: 0, upTo: Self.nameLimit) { $0 += count })
    }

    mutating func note(_ size: Int, of name: StatisticName) {
        note(attributeTable.update(name, from: SizeStats(), upTo: Self.nameLimit) { $0.add(size) })
    }

    private mutating func note(_ hadRoom: Bool) {
        if !hadRoom { dropped += 1 }
    }

    /// The statistics of both.
    public static func + (left: Statistics, right: Statistics) -> Statistics {
        var sum = left
        sum += right
        return sum
    }

    /// Adds `right` to `left`.
    public static func += (left: inout Statistics, right: Statistics) {
        left.timeTable = SmallTable(left.times.merging(right.times, uniquingKeysWith: +))
        left.counterTable = SmallTable(left.counters.merging(right.counters, uniquingKeysWith: +))
        left.attributeTable = SmallTable(left.attributes.merging(right.attributes, uniquingKeysWith: +))
        left.dropped += right.dropped
    }
}
