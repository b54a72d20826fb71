import TallyWire

/// One attribute of a table's or an index's key.
public struct KeyAttribute: Sendable, Hashable {
    /// The type of a key attribute.
    public struct AttributeType: RawRepresentable, Sendable, Hashable {
        /// `S`, `N` or `B`.
        public let rawValue: String

        /// Creates a type from its letter.
        ///
        /// - Parameter rawValue: `S`, `N` or `B`.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// Text.
        public static let string = AttributeType(rawValue: "S")
        /// A number.
        public static let number = AttributeType(rawValue: "N")
        /// Bytes.
        public static let binary = AttributeType(rawValue: "B")
    }

    /// The attribute's name.
    public var name: String
    /// The attribute's type.
    public var type: AttributeType
    /// Whether it is of the sort key; otherwise it is of the partition key.
    public var isSortKey: Bool

    /// An attribute of the partition key.
    ///
    /// - Parameters:
    ///   - name: The attribute's name.
    ///   - type: The attribute's type.
    /// - Returns: The key attribute.
    public static func partition(_ name: String, _ type: AttributeType = .string) -> KeyAttribute {
        KeyAttribute(name: name, type: type, isSortKey: false)
    }

    /// An attribute of the sort key.
    ///
    /// - Parameters:
    ///   - name: The attribute's name.
    ///   - type: The attribute's type.
    /// - Returns: The key attribute.
    public static func sort(_ name: String, _ type: AttributeType = .string) -> KeyAttribute {
        KeyAttribute(name: name, type: type, isSortKey: true)
    }
}

extension JSONWriter {
    mutating func writeKeySchema(_ keys: [KeyAttribute]) {
        objects("KeySchema", keys) { key, json in
            json.member("AttributeName", key.name)
            json.member("KeyType", key.isSortKey ? "RANGE" : "HASH")
        }
    }
}

extension KeyAttribute {
    /// Reads a key schema; the types stand elsewhere and are filled in later.
    static func schema(from reader: inout JSONReader) throws(JSONError) -> [KeyAttribute] {
        var keys: [KeyAttribute] = []
        try reader.elements { (reader) throws(JSONError) in
            var key = KeyAttribute(name: "", type: .string, isSortKey: false)
            try reader.members { (member, reader) throws(JSONError) in
                if reader.matches(member, "AttributeName") {
                    key.name = try reader.string()
                } else if reader.matches(member, "KeyType") {
                    key.isSortKey = try reader.string() == "RANGE"
                } else {
                    return false
                }
                return true
            }
            keys.append(key)
        }
        return keys
    }
}
