/// The unit of a metric, in CloudWatch's names.
public struct MetricUnit: RawRepresentable, Sendable, Hashable {
    /// The unit's name, such as `Milliseconds`.
    public let rawValue: String

    /// Creates a unit from its name.
    ///
    /// - Parameter rawValue: One of CloudWatch's units.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Thousandths of a second.
    public static let milliseconds = MetricUnit(rawValue: "Milliseconds")
    /// A number of things.
    public static let count = MetricUnit(rawValue: "Count")
    /// Bytes.
    public static let bytes = MetricUnit(rawValue: "Bytes")
    /// 1,048,576 bytes.
    public static let megabytes = MetricUnit(rawValue: "Megabytes")
    /// Anything else.
    public static let none = MetricUnit(rawValue: "None")
}
