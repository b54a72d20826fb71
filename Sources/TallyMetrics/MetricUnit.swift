/// The unit of a metric, in CloudWatch's names.
///
/// There are no others: CloudWatch drops a metric whose unit it does not know, without a word.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html>
public struct MetricUnit: RawRepresentable, Sendable, Hashable {
    /// The unit's name, such as `Milliseconds`.
    public let rawValue: String

    /// Creates a unit from its name.
    ///
    /// - Parameter rawValue: One of CloudWatch's units, such as `Bytes/Second`; with any other there is no unit.
    public init?(rawValue: String) {
        guard Self.all.contains(where: { $0.rawValue == rawValue }) else { return nil }
        self.rawValue = rawValue
    }

    private init(_ name: String) {
        rawValue = name
    }

    /// Every unit that CloudWatch knows.
    public static let all: [MetricUnit] = [
        .seconds, .milliseconds, .microseconds, .count, .percent, .none,
        .bytes, .kilobytes, .megabytes, .gigabytes, .terabytes,
        .bits, .kilobits, .megabits, .gigabits, .terabits,
        .bytesPerSecond, .kilobytesPerSecond, .megabytesPerSecond, .gigabytesPerSecond, .terabytesPerSecond,
        .bitsPerSecond, .kilobitsPerSecond, .megabitsPerSecond, .gigabitsPerSecond, .terabitsPerSecond,
        .countPerSecond,
    ]

    /// Seconds.
    public static let seconds = MetricUnit("Seconds")
    /// Thousandths of a second.
    public static let milliseconds = MetricUnit("Milliseconds")
    /// Millionths of a second.
    public static let microseconds = MetricUnit("Microseconds")
    /// A number of things.
    public static let count = MetricUnit("Count")
    /// Hundredths of a whole.
    public static let percent = MetricUnit("Percent")
    /// Anything else.
    public static let none = MetricUnit("None")

    // MARK: - Sizes

    /// Bytes.
    public static let bytes = MetricUnit("Bytes")
    /// 1,024 bytes.
    public static let kilobytes = MetricUnit("Kilobytes")
    /// 1,048,576 bytes.
    public static let megabytes = MetricUnit("Megabytes")
    /// 2^30 bytes.
    public static let gigabytes = MetricUnit("Gigabytes")
    /// 2^40 bytes.
    public static let terabytes = MetricUnit("Terabytes")
    /// Bits.
    public static let bits = MetricUnit("Bits")
    /// Thousands of bits.
    public static let kilobits = MetricUnit("Kilobits")
    /// Millions of bits.
    public static let megabits = MetricUnit("Megabits")
    /// Thousands of millions of bits.
    public static let gigabits = MetricUnit("Gigabits")
    /// Millions of millions of bits.
    public static let terabits = MetricUnit("Terabits")

    // MARK: - Rates

    /// Bytes a second.
    public static let bytesPerSecond = MetricUnit("Bytes/Second")
    /// Kilobytes a second.
    public static let kilobytesPerSecond = MetricUnit("Kilobytes/Second")
    /// Megabytes a second.
    public static let megabytesPerSecond = MetricUnit("Megabytes/Second")
    /// Gigabytes a second.
    public static let gigabytesPerSecond = MetricUnit("Gigabytes/Second")
    /// Terabytes a second.
    public static let terabytesPerSecond = MetricUnit("Terabytes/Second")
    /// Bits a second.
    public static let bitsPerSecond = MetricUnit("Bits/Second")
    /// Kilobits a second.
    public static let kilobitsPerSecond = MetricUnit("Kilobits/Second")
    /// Megabits a second.
    public static let megabitsPerSecond = MetricUnit("Megabits/Second")
    /// Gigabits a second.
    public static let gigabitsPerSecond = MetricUnit("Gigabits/Second")
    /// Terabits a second.
    public static let terabitsPerSecond = MetricUnit("Terabits/Second")
    /// Things a second.
    public static let countPerSecond = MetricUnit("Count/Second")
}
