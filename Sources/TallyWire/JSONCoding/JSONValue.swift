/// Any value that JSON has.
///
///     let event = try context.event.json()
///     let bucket = event["Records"]?[0]?["s3"]?["bucket"]?["name"]?.string
public enum JSONValue: Sendable, Hashable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number as it is written, so that no digit is lost; equal only where it is written alike.
    case number(String)
    /// `"…"`
    case string(String)
    /// `[…]`
    case array([JSONValue])
    /// `{…}`; of members that occur twice the last.
    case object([String: JSONValue])

    /// Reads a text.
    ///
    /// - Parameter bytes: JSON.
    /// - Throws: ``JSONDecodingError`` when it is not JSON.
    public init(json bytes: [UInt8]) throws(JSONDecodingError) {
        self.init(try JSONCoder().document(bytes), 0)
    }

    // A document has no more levels than a reader takes.
    fileprivate init(_ document: JSONDocument, _ index: Int) {
        switch document.kind(index) {
        case .null: self = .null
        case .bool: self = .bool(document.bool(index))
        case .number: self = .number(document.text(index))
        case .string: self = .string(document.text(index))
        case .array: self = .array(document.children(of: index).map { JSONValue(document, $0) })
        case .object:
            let members = document.children(of: index).map { (document.text($0 - 1), JSONValue(document, $0)) }
            self = .object(Dictionary(members) { _, last in last })
        }
    }

    // MARK: - Parts

    /// The value of a member, `nil` where there is none or this is no object.
    ///
    /// - Parameter name: The member's name.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// An element, `nil` beyond the last or where this is no array.
    ///
    /// - Parameter number: The element's number, from 0.
    public subscript(number: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(number) else { return nil }
        return elements[number]
    }

    /// The text of a string, `nil` of all else.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A number that is whole and fits, `nil` of all else.
    public var int: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The nearest number, `nil` of all else and beyond the greatest.
    public var double: Double? {
        guard case .number(let text) = self, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// Whether it is `true`, `nil` of all else than `true` and `false`.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
}

extension JSONValue: Codable {
    /// Decodes any value.
    ///
    /// - Parameter decoder: Has the value; with a decoder other than ``JSONCoder``'s, numbers that are not whole have the
    ///   digits of a `Double`.
    /// - Throws: `DecodingError` where it is nothing that JSON has.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONValueDecoder {
            self.init(decoder.document, decoder.index)
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number("\(value)")
        } else if let value = try? container.decode(Double.self) {
            self = .number("\(value)")
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Encodes the value; numbers as they are written with ``JSONCoder``.
    ///
    /// - Parameter encoder: Takes the value.
    /// - Throws: What the encoder throws; `EncodingError` for a number whose text is none.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        case .number(let text):
            if let encoder = encoder as? JSONValueEncoder, JSONReader.isNumber(text) {
                encoder.encodeNumber(text)
            } else if let whole = Int64(text) {
                try container.encode(whole)
            } else if let number = Double(text) {
                try container.encode(number)
            } else {
                throw EncodingError.invalidValue(
                    self,
                    EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "the text is no number"))
            }
        }
    }
}

extension JSONReader {
    /// Whether a text is one number and nothing else.
    fileprivate static func isNumber(_ text: String) -> Bool {
        let number: Range<Int>? = try? read(Array(text.utf8)) { (reader) throws(JSONError) in
            let number = try reader.rawNumber()
            try reader.finish()
            return number
        }
        return number?.count == text.utf8.count
    }
}
