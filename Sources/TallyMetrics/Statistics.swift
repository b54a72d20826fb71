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
    public private(set) var times: [StatisticName: TimeStats] = [:]
    /// Numbers of events.
    public private(set) var counters: [StatisticName: Int] = [:]
    /// Sizes.
    public private(set) var attributes: [StatisticName: SizeStats] = [:]
    /// What was not taken, since there were too many names already.
    public private(set) var dropped = 0

    /// Creates the statistics of nothing.
    public init() {}

    /// Creates statistics from their parts.
    init(
        times: [StatisticName: TimeStats], counters: [StatisticName: Int], attributes: [StatisticName: SizeStats],
        dropped: Int
    ) {
        (self.times, self.counters) = (times, counters)
        (self.attributes, self.dropped) = (attributes, dropped)
    }

    mutating func add(_ times: TimeStats, to name: StatisticName) {
        guard hasRoom(in: self.times, for: name) else { return }
        self.times[name, default: TimeStats()] += times
    }

    mutating func add(_ count: Int, to name: StatisticName) {
        guard hasRoom(in: counters, for: name) else { return }
        counters[name, default: 0] += count
    }

    mutating func note(_ size: Int, of name: StatisticName) {
        guard hasRoom(in: attributes, for: name) else { return }
        attributes[name, default: SizeStats()].add(size)
    }

    private mutating func hasRoom<Value>(in values: [StatisticName: Value], for name: StatisticName) -> Bool {
        if values.count < Self.nameLimit || values[name] != nil { return true }
        dropped += 1
        return false
    }

    /// The statistics of both.
    public static func + (left: Statistics, right: Statistics) -> Statistics {
        var sum = left
        sum += right
        return sum
    }

    /// Adds `right` to `left`.
    public static func += (left: inout Statistics, right: Statistics) {
        left.times.merge(right.times, uniquingKeysWith: +)
        left.counters.merge(right.counters, uniquingKeysWith: +)
        left.attributes.merge(right.attributes, uniquingKeysWith: +)
        left.dropped += right.dropped
    }
}
