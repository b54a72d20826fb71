/// An environment variable that cannot be used as it is.
public struct MetricsConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The variable's name.
    public let variable: String
    /// What was seen and what to do.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - variable: The variable's name.
    ///   - message: What was seen and what to do.
    public init(variable: String, message: String) {
        self.variable = variable
        self.message = message
    }

    /// The variable and the message, such as `TALLY_METRICS_LEVEL: "loud" is not a level. Use one of none, …`.
    public var description: String { "\(variable): \(message)" }
}
