import TallyAWS
import TallyMetrics
public import TallyWire

/// The primary key of one item of a model.
///
///     let key = Document.key("DOC#1", "v1")
public struct Key<Root: Model>: Sendable, Hashable {
    /// The partition key's value.
    public let partition: AttributeValue
    /// The sort key's value, for a table that has one.
    public let sort: AttributeValue?

    init(partition: AttributeValue, sort: AttributeValue?) {
        self.partition = partition
        self.sort = sort
    }
}

extension Model {
    /// The key of an item in a table without sort key.
    ///
    /// - Parameter partition: The partition key's value.
    /// - Returns: The key.
    public static func key(_ partition: some KeyConvertible) -> Key<Self> {
        Key(partition: partition.keyValue, sort: nil)
    }

    /// The key of an item in a table with sort key.
    ///
    /// - Parameters:
    ///   - partition: The partition key's value.
    ///   - sort: The sort key's value.
    /// - Returns: The key.
    public static func key(_ partition: some KeyConvertible, _ sort: some KeyConvertible) -> Key<Self> {
        Key(partition: partition.keyValue, sort: sort.keyValue)
    }

    /// This item's key.
    public var key: Key<Self> {
        let schema = Self.schema
        return Key(
            partition: schema.partitionKey.value(self) ?? .null, sort: schema.sortKey.map { $0.value(self) ?? .null })
    }
}

extension KeyConvertible {
    /// The value as a key.
    ///
    /// One that stands for an absent attribute becomes NULL, which DynamoDB refuses by name.
    var keyValue: AttributeValue { attributeValue ?? .null }
}

extension Schema where Root: Model {
    /// A key as DynamoDB takes it.
    ///
    /// - Throws: ``ModelError`` when the key has a sort key and the table has none, or the other way round.
    func item(of key: Key<Root>) throws(ModelError) -> WireItem {
        guard (key.sort != nil) == (sortKey != nil) else {
            let detail = sortKey.map { "lacks the sort key '\($0.name)'" } ?? "has a sort key that the schema does not"
            throw ModelError(.invalidRequest, model: "\(Root.self)", "the key \(detail)")
        }
        var item: Item = [partitionKey.name: key.partition]
        if let sortKey { item[sortKey.name] = key.sort }
        return WireItem(item)
    }

    /// The key that an item of DynamoDB's has, the other way round.
    ///
    /// - Parameter item: The key's attributes and no others, or all of an item's.
    /// - Returns: The key.
    /// - Throws: ``ModelError`` when an attribute of the key is missing or of no type that keys have.
    package func key(of item: Item) throws(ModelError) -> Key<Root> {
        func value(_ name: String) throws(ModelError) -> AttributeValue {
            switch item[name] {
            case .string, .number, .binary: return item[name] ?? .null
            case nil:
                throw ModelError(
                    model: modelName.rawValue, attribute: name, AttributeError(expected: "a key", found: "nothing"))
            case let other:
                throw ModelError(
                    model: modelName.rawValue, attribute: name, AttributeError(expected: "S, N or B", other))
            }
        }
        return Key(partition: try value(partitionKey.name), sort: try sortKey.map { $0.name }.map(value))
    }
}
