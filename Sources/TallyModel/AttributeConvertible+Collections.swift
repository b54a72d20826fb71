public import TallyWire

/// A set of strings is stored as SS. The empty set, which DynamoDB does not have, stands for an absent attribute.
extension Set: StorableValue, AttributeConvertible where Element == String {
    public var attributeValue: AttributeValue? { isEmpty ? nil : .stringSet(self) }

    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        switch attributeValue {
        case nil: self = []
        case .stringSet(let texts): self = texts
        default: throw AttributeError(expected: "SS", attributeValue)
        }
    }

    public func write(to writer: inout AttributeWriter) {
        writer.stringSet(self)
    }

    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = Set(try reader.stringSet())
    }
}

extension Dictionary: StorableValue, AttributeConvertible where Key == String, Value: AttributeConvertible {
    public var attributeValue: AttributeValue? { .map(compactMapValues(\.attributeValue)) }

    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .map(let members) = attributeValue else { throw AttributeError(expected: "M", attributeValue) }
        self = [:]
        for (name, value) in members { self[name] = try Value(attributeValue: value) }
    }

    @inlinable
    public func write(to writer: inout AttributeWriter) {
        writer.map(sorted { $0.key < $1.key }) { $0.write(to: &$1) }
    }

    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.map { (reader) throws(AttributeError) in try Value(from: &reader) }
    }
}

/// Any attribute value, for attributes whose type is not known in advance.
extension AttributeValue: AttributeConvertible {
    public var attributeValue: AttributeValue? { self }

    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard let attributeValue else { throw AttributeError(expected: "any value", nil) }
        self = attributeValue
    }
}
