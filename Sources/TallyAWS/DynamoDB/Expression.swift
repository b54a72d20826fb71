public import TallyWire

/// A DynamoDB expression with the names and values that its placeholders stand for.
///
///     Expression("#title = :title", names: ["#title": "title"], values: [":title": .string("Report")])
///
/// The expressions of one request share one set of placeholders: where two use the same one, it must mean the same.
public struct Expression: Sendable, Hashable {
    /// The expression as DynamoDB reads it.
    public var text: String
    /// What each `#name` stands for.
    public var names: [String: String]
    /// What each `:value` stands for.
    public var values: [String: AttributeValue]

    /// Creates an expression.
    ///
    /// - Parameters:
    ///   - text: The expression as DynamoDB reads it.
    ///   - names: What each `#name` stands for.
    ///   - values: What each `:value` stands for.
    public init(_ text: String, names: [String: String] = [:], values: [String: AttributeValue] = [:]) {
        self.text = text
        self.names = names
        self.values = values
    }
}
