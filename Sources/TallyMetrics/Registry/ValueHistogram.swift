/// How many values of which size there were, in buckets whose width is a sixteenth of the power of two below them.
///
/// Adding keeps what two histograms knew, whatever the order. A bucket knows the sum of its values, so that what it
/// holds is told by their mean: exactly where they are all the same, and at most 6.25 % off otherwise, and all buckets
/// together have the exact sum. Zero has a bucket of its own, and so have negative values theirs.
struct ValueHistogram: Sendable, Hashable {
    struct Bucket: Sendable, Hashable {
        fileprivate let number: Int32
        fileprivate(set) var count: Int
        fileprivate(set) var sum: Double

        /// The mean of the values.
        var value: Double { count == 1 ? sum : sum / Double(count) }
    }

    /// In the order of their values.
    private(set) var buckets: [Bucket] = []

    mutating func add(_ value: Double) {
        add(Bucket(number: Self.number(of: value), count: 1, sum: value))
    }

    static func += (left: inout ValueHistogram, right: ValueHistogram) {
        for bucket in right.buckets { left.add(bucket) }
    }

    private mutating func add(_ bucket: Bucket) {
        let index = buckets.firstIndex(ofSorted: { $0.number >= bucket.number })
        if index < buckets.count, buckets[index].number == bucket.number {
            buckets[index].count += bucket.count
            buckets[index].sum += bucket.sum
        } else {
            buckets.insert(bucket, at: index)
        }
    }

    /// The mean of the bucket that holds the value of a rank, counted from 1; `nil` beyond the last.
    func value(ofRank rank: Int) -> Double? {
        var seen = 0
        for bucket in buckets {
            seen += bucket.count
            if seen >= rank { return bucket.value }
        }
        return nil
    }

    /// How many values lie at or below each bound and above the one before, and how many above the last.
    ///
    /// - Parameter bounds: Powers of two, ascending: no bucket reaches beyond one.
    /// - Returns: One count more than there are bounds.
    func counts(bounds: [Double]) -> [Int] {
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        for bucket in buckets {
            let position = bounds.firstIndex { bucket.number <= Self.number(of: $0) } ?? bounds.count
            counts[position] += bucket.count
        }
        return counts
    }

    // Smaller values are as good as zero; this bounds the number of buckets.
    private static let leastExponent = -40

    /// A bucket ends with its upper bound, so that powers of two are the last of their bucket.
    private static func number(of value: Double) -> Int32 {
        let magnitude = value.magnitude.nextDown
        guard value != 0, magnitude.exponent >= leastExponent else { return 0 }
        let number = (Int(magnitude.exponent) - leastExponent) * 16 + Int((magnitude.significand - 1) * 16) + 1
        return Int32(value < 0 ? -number : number)
    }
}
