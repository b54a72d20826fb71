import TallyWire

/// A condition on a sort key.
public struct SortKeyCondition: Sendable {
    enum Node: Sendable {
        case comparison(String, AttributeValue)
        case range(AttributeValue, AttributeValue)
        case prefix(String)
    }

    let node: Node

    /// The sort key equals the value.
    ///
    /// - Parameter value: The value.
    /// - Returns: The condition.
    public static func equal(to value: some KeyConvertible) -> Self {
        Self(node: .comparison("=", value.keyValue))
    }

    /// The sort key is less than the value.
    ///
    /// - Parameter value: The value.
    /// - Returns: The condition.
    public static func less(than value: some KeyConvertible) -> Self {
        Self(node: .comparison("<", value.keyValue))
    }

    /// The sort key is at most the value.
    ///
    /// - Parameter value: The value.
    /// - Returns: The condition.
    public static func atMost(_ value: some KeyConvertible) -> Self {
        Self(node: .comparison("<=", value.keyValue))
    }

    /// The sort key is greater than the value.
    ///
    /// - Parameter value: The value.
    /// - Returns: The condition.
    public static func greater(than value: some KeyConvertible) -> Self {
        Self(node: .comparison(">", value.keyValue))
    }

    /// The sort key is at least the value.
    ///
    /// - Parameter value: The value.
    /// - Returns: The condition.
    public static func atLeast(_ value: some KeyConvertible) -> Self {
        Self(node: .comparison(">=", value.keyValue))
    }

    /// The sort key is one of the values, or between them.
    ///
    /// - Parameters:
    ///   - lower: The least value.
    ///   - upper: The greatest value.
    /// - Returns: The condition.
    public static func between(_ lower: some KeyConvertible, and upper: some KeyConvertible) -> Self {
        Self(node: .range(lower.keyValue, upper.keyValue))
    }

    /// The sort key, a string, begins with the text.
    ///
    /// - Parameter prefix: The text.
    /// - Returns: The condition.
    public static func beginsWith(_ prefix: String) -> Self {
        Self(node: .prefix(prefix))
    }
}
