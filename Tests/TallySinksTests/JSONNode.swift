import TallyWire

/// A JSON value that keeps what a dictionary loses: the order of members, names that occur twice, the text of numbers.
enum JSONNode: Equatable {
    case object([Member])
    case array([JSONNode])
    case string(String)
    case number(String)
    case bool(Bool)
    case null

    struct Member: Equatable {
        let name: String
        let value: JSONNode
    }

    init(parsing text: [UInt8]) throws(JSONError) {
        self = try JSONReader.read(text) { (reader: inout JSONReader) throws(JSONError) -> JSONNode in
            try JSONNode(from: &reader)
        }
    }

    init(_ text: String) throws(JSONError) {
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

    var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    var elements: [JSONNode]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var number: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }

    subscript(name: String) -> JSONNode? {
        members.first { $0.name == name }?.value
    }
}
