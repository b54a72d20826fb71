import TallyWire

/// A condition on the attributes of one model, for reads and for conditional writes.
///
///     \.title == "Report" && .exists(\.notes)
public struct Filter<Root: Model>: Sendable {
    indirect enum Node: Sendable {
        case comparison(any AnyKeyPath & Sendable, String, AttributeValue?)
        /// A comparison with what no attribute can hold.
        case refused(any AnyKeyPath & Sendable, AttributeError)
        case function(String, any AnyKeyPath & Sendable, AttributeValue?)
        case junction(String, Node, Node)
        case negation(Node)
    }

    let node: Node

    static func comparison<Value: AttributeComparable>(
        _ path: any KeyPath<Root, Value> & Sendable, _ symbol: String, _ value: Value
    ) -> Self {
        if let attributeValue = value.attributeValue { return Self(node: .comparison(path, symbol, attributeValue)) }
        // What becomes of `nil` stands for an absent attribute; what is refused must not pass for it.
        var writer = AttributeWriter(capacity: 0)
        value.write(to: &writer)
        return Self(node: writer.refusal.map { .refused(path, $0) } ?? .comparison(path, symbol, nil))
    }

    /// Holds when the item is not stored yet.
    public static var absent: Self {
        Self(node: .function("attribute_not_exists", Root.schema.partitionKeyPath, nil))
    }

    /// Holds when the item is stored.
    public static var present: Self {
        Self(node: .function("attribute_exists", Root.schema.partitionKeyPath, nil))
    }

    /// Holds when the item has the attribute.
    ///
    /// - Parameter path: The property.
    /// - Returns: The condition.
    public static func exists<Value>(_ path: any KeyPath<Root, Value> & Sendable) -> Self {
        Self(node: .function("attribute_exists", path, nil))
    }

    /// Holds when the text begins with another.
    ///
    /// - Parameters:
    ///   - path: The property.
    ///   - prefix: What it begins with.
    /// - Returns: The condition.
    public static func beginsWith(_ path: any KeyPath<Root, String> & Sendable, _ prefix: String) -> Self {
        Self(node: .function("begins_with", path, .string(prefix)))
    }

    /// Holds when the set has the element.
    ///
    /// - Parameters:
    ///   - path: The property.
    ///   - element: The element.
    /// - Returns: The condition.
    public static func contains(_ path: any KeyPath<Root, Set<String>> & Sendable, _ element: String) -> Self {
        Self(node: .function("contains", path, .string(element)))
    }

    /// Holds when both conditions hold.
    ///
    /// - Parameters:
    ///   - left: A condition.
    ///   - right: Another.
    /// - Returns: The condition.
    public static func && (left: Self, right: Self) -> Self {
        Self(node: .junction("AND", left.node, right.node))
    }

    /// Holds when one of the conditions holds.
    ///
    /// - Parameters:
    ///   - left: A condition.
    ///   - right: Another.
    /// - Returns: The condition.
    public static func || (left: Self, right: Self) -> Self {
        Self(node: .junction("OR", left.node, right.node))
    }

    /// Holds when the condition does not.
    ///
    /// - Parameter filter: A condition.
    /// - Returns: The condition.
    public static prefix func ! (filter: Self) -> Self {
        Self(node: .negation(filter.node))
    }
}

extension Schema {
    /// The path of the partition key's property.
    var partitionKeyPath: any AnyKeyPath & Sendable {
        guard let key = attributes.first(where: { $0.role == .partitionKey }) else {
            fatalError("\(Root.self).schema: no partition key")
        }
        return key.path
    }
}
