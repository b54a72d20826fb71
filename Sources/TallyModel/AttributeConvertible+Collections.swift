public import TallyWire

/// A set of strings is stored as SS. The empty set, which DynamoDB does not have, stands for an absent attribute, and
/// for NULL among the elements of a list.
extension Set: StorableValue, ArrayElement, AttributeConvertible where Element == String {
    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    public var attributeValue: AttributeValue? { isEmpty ? nil : .stringSet(self) }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        switch attributeValue {
        case nil, .null: self = []
        case .stringSet(let texts): self = texts
        default: throw AttributeError(expected: "SS", attributeValue)
        }
    }

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameter writer: Takes one value.
    public func write(to writer: inout AttributeWriter) {
        writer.stringSet(self)
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.consumeNull() ? [] : Set(try reader.stringSet())
    }
}

extension Dictionary: StorableValue, ArrayElement, AttributeConvertible
where Key == String, Value: AttributeConvertible {
    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    public var attributeValue: AttributeValue? { .map(compactMapValues(\.attributeValue)) }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .map(let members) = attributeValue else { throw AttributeError(expected: "M", attributeValue) }
        self = [:]
        for (name, value) in members { self[name] = try Value(attributeValue: value) }
    }

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameter writer: Takes one value.
    @inlinable
    public func write(to writer: inout AttributeWriter) {
        writer.map(sorted { $0.key < $1.key }) { $0.write(to: &$1) }
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.map { (reader) throws(AttributeError) in try Value(from: &reader) }
    }
}

/// Any attribute value, for attributes whose type is not known in advance.
extension AttributeValue: AttributeConvertible {
    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    public var attributeValue: AttributeValue? { self }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard let attributeValue else { throw AttributeError(expected: "any value", nil) }
        self = attributeValue
    }
}
