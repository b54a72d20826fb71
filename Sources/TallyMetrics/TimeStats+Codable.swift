import TallyWire

extension TimeStats: Codable {
    private enum Member: String, CodingKey {
        case count, buckets
        case sum = "sum_ms"
        case average = "avg_ms"
        case minimum = "min_ms"
        case maximum = "max_ms"
        case last = "last_ms"
        case lastEnd = "last_timestamp_ms"
    }

    /// Encodes milliseconds, and the histogram as pairs of a bucket's number and its count.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Member.self)
        try object.encode(count, forKey: .count)
        try object.encode(sum.milliseconds, forKey: .sum)
        try object.encodeIfPresent(average?.milliseconds, forKey: .average)
        try object.encodeIfPresent(minimum?.milliseconds, forKey: .minimum)
        try object.encodeIfPresent(maximum?.milliseconds, forKey: .maximum)
        try object.encodeIfPresent(last?.milliseconds, forKey: .last)
        try object.encodeIfPresent(lastEnd?.milliseconds, forKey: .lastEnd)
        try object.encode(histogram.contents.map { [$0.number, $0.count] }, forKey: .buckets)
    }

    /// Decodes what was encoded.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError` when it is no statistics, or its parts contradict each other.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Member.self)
        func duration(_ member: Member) throws -> Duration? {
            try object.decodeIfPresent(Double.self, forKey: member).map(Duration.init(milliseconds:))
        }
        let pairs = try object.decode([[Int]].self, forKey: .buckets)
        let stats = pairs.allSatisfy { $0.count == 2 } ? pairs.map { (number: $0[0], count: $0[1]) } : nil
        guard let histogram = stats.flatMap({ LogHistogram(contents: $0) }),
            let decoded = TimeStats(
                count: try object.decode(Int.self, forKey: .count),
                sum: Duration(milliseconds: try object.decode(Double.self, forKey: .sum)),
                minimum: try duration(.minimum), maximum: try duration(.maximum), last: try duration(.last),
                lastEnd: try object.decodeIfPresent(Int64.self, forKey: .lastEnd).map(Timestamp.init(milliseconds:)),
                histogram: histogram)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .buckets, in: object, debugDescription: "the buckets do not hold what the count says")
        }
        self = decoded
    }
}
