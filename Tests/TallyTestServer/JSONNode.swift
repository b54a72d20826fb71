package import TallyWire

/// A JSON value that keeps what a dictionary loses: the order of members, names that occur twice, the text of numbers.
package enum JSONNode: Equatable {
    /// An object.
    case object([Member])
    /// An array.
    case array([JSONNode])
    /// A string.
    case string(String)
    /// A number, as its text.
    case number(String)
    /// `true` or `false`.
    case bool(Bool)
    /// `null`.
    case null

    /// A member of an object.
    package struct Member: Equatable {
        /// Its name.
        package let name: String
        /// Its value.
        package let value: JSONNode
    }

    /// Reads a text.
    ///
    /// - Parameter text: The whole text.
    /// - Throws: ``JSONError`` when it is not JSON.
    package init(parsing text: [UInt8]) throws(JSONError) {
        self = try JSONReader.read(text) { (reader: inout JSONReader) throws(JSONError) -> JSONNode in
            try JSONNode(from: &reader)
        }
    }

    /// Reads a text.
    ///
    /// - Parameter text: The whole text.
    /// - Throws: ``JSONError`` when it is not JSON.
    package init(_ text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }

    private init(from reader: inout JSONReader) throws(JSONError) {
        switch try reader.peekKind() {
        case .object:
            var members: [Member] = []
            try reader.beginObject()
            while let name = try reader.nextMember() {
                members.append(Member(name: name, value: try JSONNode(from: &reader)))
            }
            self = .object(members)
        case .array:
            var elements: [JSONNode] = []
            try reader.beginArray()
            while try reader.nextElement() {
                elements.append(try JSONNode(from: &reader))
            }
            self = .array(elements)
        case .string: self = .string(try reader.string())
        case .number: self = .number(try reader.numberText())
        case .bool: self = .bool(try reader.bool())
        case .null:
            try reader.null()
            self = .null
        }
    }

    /// The members of an object, in order; none of anything else.
    package var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    /// The elements of an array.
    package var elements: [JSONNode]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The text of a string.
    package var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value of a number.
    package var number: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }

    /// Returns the value of the first member of that name.
    ///
    /// - Parameter name: The name.
    package subscript(name: String) -> JSONNode? {
        members.first { $0.name == name }?.value
    }
}
