extension AttributeValue: Codable {
    private struct Tag: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            return nil
        }
    }

    /// Decodes a value in DynamoDB's JSON, such as `{"S":"text"}`.
    ///
    /// - Parameter decoder: Has the value.
    /// - Throws: `DecodingError` when it has no tag or several or one that DynamoDB does not know, or holds a number,
    ///   base64 or set that DynamoDB would not.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Tag.self)
        let tags = container.allKeys
        guard tags.count == 1, let tag = tags.first else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, remark: "an object without exactly one type tag"))
        }
        self = try Self.value(tagged: tag, in: container)
    }

    private static func value(tagged tag: Tag, in container: KeyedDecodingContainer<Tag>) throws -> AttributeValue {
        func corrupted(_ remark: String) -> DecodingError {
            .dataCorrupted(DecodingError.Context(codingPath: container.codingPath + [tag], remark: remark))
        }
        func bytes(_ text: String) throws -> [UInt8] {
            guard let bytes = Base64.decode(text) else { throw corrupted("a string that is not base64") }
            return bytes
        }
        func number(_ text: String) throws -> Number {
            guard let number = Number(text) else { throw corrupted("a string that is no number of DynamoDB") }
            return number
        }
        func set<Element: Hashable>(_ element: (String) throws -> Element) throws -> Set<Element> {
            let elements = try container.decode([String].self, forKey: tag).map(element)
            let set = Set(elements)
            guard !set.isEmpty, set.count == elements.count else {
                throw corrupted("a set that is empty or holds a value twice")
            }
            return set
        }
        switch tag.stringValue {
        case "S": return .string(try container.decode(String.self, forKey: tag))
        case "N": return .number(try number(try container.decode(String.self, forKey: tag)))
        case "B": return .binary(try container.decodeBase64(forKey: tag))
        case "M": return .map(try container.decode([String: AttributeValue].self, forKey: tag))
        case "L": return .list(try container.decode([AttributeValue].self, forKey: tag))
        case "BOOL": return .bool(try container.decode(Bool.self, forKey: tag))
        case "NULL":
            guard try container.decode(Bool.self, forKey: tag) else { throw corrupted("false, and NULL must be true") }
            return .null
        case "SS": return .stringSet(try set { $0 })
        case "NS": return .numberSet(try set(number))
        case "BS": return .binarySet(try set(bytes))
        default: throw corrupted("a type tag that DynamoDB does not have")
        }
    }

    /// Encodes the value as DynamoDB's JSON: an object with one member named after the type, `{"S":"text"}`.
    ///
    /// Sets are encoded in the order of their sorted texts, so that a value always has the same bytes.
    ///
    /// - Parameter encoder: Takes the value.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Tag.self)
        let tag = Tag(stringValue: typeTag)
        switch self {
        case .string(let text): try container.encode(text, forKey: tag)
        case .number(let number): try container.encode(number.text, forKey: tag)
        case .binary(let bytes): try container.encode(Base64.encode(bytes), forKey: tag)
        case .bool(let flag): try container.encode(flag, forKey: tag)
        case .null: try container.encode(true, forKey: tag)
        case .list(let values): try container.encode(values, forKey: tag)
        case .map(let values): try container.encode(values, forKey: tag)
        case .stringSet(let texts): try container.encode(texts.sorted(), forKey: tag)
        case .numberSet(let numbers): try container.encode(numbers.map(\.text).sorted(), forKey: tag)
        case .binarySet(let pieces):
            let sorted = pieces.sorted { $0.lexicographicallyPrecedes($1) }
            try container.encode(sorted.map { Base64.encode($0) }, forKey: tag)
        }
    }
}
