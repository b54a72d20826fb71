// Constrained to `Root: Model`, so that importing Tally adds nothing to the key paths of other types.

/// Holds when the attribute equals the value; `nil` stands for an absent attribute.
///
/// - Parameters:
///   - path: The property.
///   - value: What to compare with.
/// - Returns: The condition.
public func == <Root: Model, Value: AttributeComparable>(
    path: any KeyPath<Root, Value> & Sendable, value: Value
) -> Filter<Root> {
    .comparison(path, "=", value)
}

/// Holds when the attribute does not equal the value; `nil` stands for an absent attribute.
///
/// - Parameters:
///   - path: The property.
///   - value: What to compare with.
/// - Returns: The condition.
public func != <Root: Model, Value: AttributeComparable>(
    path: any KeyPath<Root, Value> & Sendable, value: Value
) -> Filter<Root> {
    .comparison(path, "<>", value)
}

/// Holds when the attribute is less than the value.
///
/// - Parameters:
///   - path: The property.
///   - value: What to compare with.
/// - Returns: The condition.
public func < <Root: Model, Value: AttributeComparable>(
    path: any KeyPath<Root, Value> & Sendable, value: Value
) -> Filter<Root> {
    .comparison(path, "<", value)
}

/// Holds when the attribute is at most the value.
///
/// - Parameters:
///   - path: The property.
///   - value: What to compare with.
/// - Returns: The condition.
public func <= <Root: Model, Value: AttributeComparable>(
    path: any KeyPath<Root, Value> & Sendable, value: Value
) -> Filter<Root> {
    .comparison(path, "<=", value)
}

/// Holds when the attribute is greater than the value.
///
/// - Parameters:
///   - path: The property.
///   - value: What to compare with.
/// - Returns: The condition.
public func > <Root: Model, Value: AttributeComparable>(
    path: any KeyPath<Root, Value> & Sendable, value: Value
) -> Filter<Root> {
    .comparison(path, ">", value)
}

/// Holds when the attribute is at least the value.
///
/// - Parameters:
///   - path: The property.
///   - value: What to compare with.
/// - Returns: The condition.
public func >= <Root: Model, Value: AttributeComparable>(
    path: any KeyPath<Root, Value> & Sendable, value: Value
) -> Filter<Root> {
    .comparison(path, ">=", value)
}
