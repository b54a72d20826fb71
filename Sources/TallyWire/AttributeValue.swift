/// A value as DynamoDB stores it.
///
///     let item: Item = ["pk": .string("DOC#1"), "pages": .number(12), "tags": .stringSet(["draft"])]
public enum AttributeValue: Sendable, Hashable {
    /// Text, tag `S`.
    case string(String)
    /// An exact decimal, tag `N`.
    case number(Number)
    /// Bytes, tag `B`.
    case binary([UInt8])
    /// A Boolean, tag `BOOL`.
    case bool(Bool)
    /// The explicit absence of a value, tag `NULL`; not the same as an attribute that is not there.
    case null
    /// Values in order, tag `L`.
    case list([AttributeValue])
    /// Values by name, tag `M`.
    case map([String: AttributeValue])
    /// Distinct texts, tag `SS`; DynamoDB refuses an empty one.
    case stringSet(Set<String>)
    /// Distinct numbers, tag `NS`; DynamoDB refuses an empty one.
    case numberSet(Set<Number>)
    /// Distinct byte strings, tag `BS`; DynamoDB refuses an empty one.
    case binarySet(Set<[UInt8]>)

    /// The name of the type on the wire, such as `S`.
    public var typeTag: String {
        switch self {
        case .string: "S"
        case .number: "N"
        case .binary: "B"
        case .bool: "BOOL"
        case .null: "NULL"
        case .list: "L"
        case .map: "M"
        case .stringSet: "SS"
        case .numberSet: "NS"
        case .binarySet: "BS"
        }
    }
}

/// One row of a table: its attributes by name.
public typealias Item = [String: AttributeValue]
