/// How many values of which size there were, in buckets whose width is a sixteenth of the power of two below them.
///
/// Adding keeps what two histograms knew, whatever the order; a value is told at most 6.25 % too high. Only buckets
/// that hold something are kept, so that the few calls of an invocation take a few words.
struct LogHistogram: Sendable, Hashable {
    private struct Bucket: Hashable {
        let number: UInt16
        var count: Int
    }

    private static let subdivisions = 4

    /// In the order of their numbers.
    private var buckets: [Bucket] = []

    var count: Int { buckets.reduce(0) { $0 + $1.count } }

    /// The numbers of the buckets that hold something, and how many values each holds.
    var contents: [(number: Int, count: Int)] { buckets.map { (Int($0.number), $0.count) } }

    init() {}

    /// Creates a histogram from what another had; `nil` where there is no such bucket or a count is not positive.
    init?(contents: some Sequence<(number: Int, count: Int)>) {
        for (number, count) in contents {
            guard (0...Self.number(of: .max)).contains(number), count > 0 else { return nil }
            add(count, to: UInt16(number))
        }
    }

    mutating func add(_ value: UInt64) {
        add(1, to: UInt16(Self.number(of: value)))
    }

    static func += (left: inout LogHistogram, right: LogHistogram) {
        for bucket in right.buckets { left.add(bucket.count, to: bucket.number) }
    }

    /// The largest value of the bucket that holds the value of a rank, counted from 1; `nil` beyond the last.
    func value(ofRank rank: Int) -> UInt64? {
        var seen = 0
        for bucket in buckets {
            seen += bucket.count
            if seen >= rank { return Self.upperBound(of: Int(bucket.number)) }
        }
        return nil
    }

    private mutating func add(_ count: Int, to number: UInt16) {
        let index = buckets.firstIndex(ofSorted: { $0.number >= number })
        if index < buckets.endIndex, buckets[index].number == number {
            buckets[index].count += count
        } else {
            buckets.insert(Bucket(number: number, count: count), at: index)
        }
    }

    /// Values below 16 have a bucket each; from there on 16 buckets lie between two powers of two.
    private static func number(of value: UInt64) -> Int {
        let exponent = UInt64.bitWidth - 1 - value.leadingZeroBitCount
        guard exponent >= subdivisions else { return Int(value) }
        let shift = exponent - subdivisions
        return (shift << subdivisions) + Int(value >> UInt64(shift))
    }

    private static func upperBound(of number: Int) -> UInt64 {
        guard number >= 2 << subdivisions else { return UInt64(number) }
        let shift = (number >> subdivisions) - 1
        let leading = UInt64(number - (shift << subdivisions))
        return (leading << UInt64(shift)) | ((1 << UInt64(shift)) - 1)
    }
}
