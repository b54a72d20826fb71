/// How large something was, of all the times that it was noted.
///
/// Adding is associative and commutative, with the empty value as its zero.
public struct SizeStats: Sendable, Hashable, Codable {
    /// How many times.
    public private(set) var count = 0
    /// All sizes together.
    public private(set) var sum = 0
    /// The smallest, `nil` when there was none.
    public private(set) var minimum: Int?
    /// The largest, `nil` when there was none.
    public private(set) var maximum: Int?

    private enum CodingKeys: String, CodingKey {
        case count, sum
        case minimum = "min"
        case maximum = "max"
    }

    /// Creates the statistics of nothing.
    public init() {}

    /// The mean, `nil` when there was nothing.
    public var average: Double? { count == 0 ? nil : Double(sum) / Double(count) }

    /// Adds one size.
    ///
    /// - Parameter size: The size.
    public mutating func add(_ size: Int) {
        count += 1
        sum += size
        minimum = min(minimum ?? size, size)
        maximum = max(maximum ?? size, size)
    }

    /// The statistics of both.
    public static func + (left: SizeStats, right: SizeStats) -> SizeStats {
        var sum = left
        sum += right
        return sum
    }

    /// Adds `right` to `left`.
    public static func += (left: inout SizeStats, right: SizeStats) {
        left.count += right.count
        left.sum += right.sum
        left.minimum = right.minimum.map { min(left.minimum ?? $0, $0) } ?? left.minimum
        left.maximum = right.maximum.map { max(left.maximum ?? $0, $0) } ?? left.maximum
    }
}
