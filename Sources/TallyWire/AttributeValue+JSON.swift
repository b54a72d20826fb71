extension AttributeValue {
    /// How deeply DynamoDB lets lists and maps nest.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>
    public static let maximumDepth = 32

    // MARK: - Writing

    /// Writes the value as DynamoDB's JSON: an object with one member named after the type, `{"S":"text"}`.
    ///
    /// Sets and maps are written in the order of their sorted texts, so that a value always has the same bytes.
    ///
    /// - Parameter json: Where to write.
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key(typeTag)
        switch self {
        case .string(let text): json.string(text)
        case .number(let number): json.string(number.text)
        case .binary(let bytes): json.base64(bytes)
        case .bool(let flag): json.bool(flag)
        case .null: json.bool(true)
        case .list(let values):
            json.array(of: values) { $1.write(to: &$0) }
        case .map(let values): values.write(to: &json)
        case .stringSet(let texts):
            json.array(of: texts.sorted()) { $0.string($1) }
        case .numberSet(let numbers):
            json.array(of: numbers.map(\.text).sorted()) { $0.string($1) }
        case .binarySet(let pieces):
            json.array(of: pieces.sorted { $0.lexicographicallyPrecedes($1) }) { $0.base64($1) }
        }
        json.endObject()
    }

    // MARK: - Reading

    /// Reads a value in DynamoDB's JSON.
    ///
    /// - Parameter json: Where to read.
    /// - Throws: ``JSONError`` when this is not JSON, has no tag or several or one that DynamoDB does not know, holds
    ///   a number, base64 or set that DynamoDB would not, or nests more than ``maximumDepth`` lists and maps.
    public init(from json: inout JSONReader) throws(JSONError) {
        try self.init(from: &json, levels: Self.maximumDepth)
    }

    fileprivate init(from json: inout JSONReader, levels: Int) throws(JSONError) {
        try json.beginObject()
        guard let tag = try json.nextKey() else {
            throw json.invalid("expected a type tag such as \"S\", found an empty object", at: json.offset - 1)
        }
        self = try Self.value(tagged: tag, from: &json, levels: levels)
        if let second = try json.nextKey() {
            throw json.invalid("expected one type tag, found several", at: second.lowerBound)
        }
    }

    private static func value(
        tagged tag: Range<Int>, from json: inout JSONReader, levels: Int
    ) throws(JSONError) -> AttributeValue {
        if json.matches(tag, "S") { return .string(try json.string()) }
        if json.matches(tag, "N") { return .number(try Number(from: &json)) }
        if json.matches(tag, "M") {
            let levels = try descend(levels, &json)
            return .map(try Item(from: &json, levels: levels))
        }
        if json.matches(tag, "L") {
            let levels = try descend(levels, &json)
            return .list(
                try json.array { (json) throws(JSONError) in try AttributeValue(from: &json, levels: levels) }
            )
        }
        if json.matches(tag, "B") { return .binary(try json.base64()) }
        if json.matches(tag, "BOOL") { return .bool(try json.bool()) }
        if json.matches(tag, "NULL") {
            guard try json.bool() else { throw json.invalid("NULL must be true", at: tag.lowerBound) }
            return .null
        }
        if json.matches(tag, "SS") {
            return .stringSet(try set(from: &json) { (json) throws(JSONError) in try json.string() })
        }
        if json.matches(tag, "NS") {
            return .numberSet(try set(from: &json) { (json) throws(JSONError) in try Number(from: &json) })
        }
        if json.matches(tag, "BS") {
            return .binarySet(try set(from: &json) { (json) throws(JSONError) in try json.base64() })
        }
        throw json.invalid("unknown type tag \"\(json.text(in: tag))\"", at: tag.lowerBound)
    }

    private static func descend(_ levels: Int, _ json: inout JSONReader) throws(JSONError) -> Int {
        guard levels > 0 else {
            throw JSONError(.tooDeep, offset: json.offset, "lists and maps nest more than \(maximumDepth) levels deep")
        }
        return levels - 1
    }

    private static func set<Element: Hashable>(
        from json: inout JSONReader, _ element: (inout JSONReader) throws(JSONError) -> Element
    ) throws(JSONError) -> Set<Element> {
        let start = json.offset
        let elements = try json.array(of: element)
        guard !elements.isEmpty else { throw json.invalid("a set must not be empty", at: start) }
        let set = Set(elements)
        guard set.count == elements.count else { throw json.invalid("a set holds a value twice", at: start) }
        return set
    }
}

extension Item {
    /// Writes the item as DynamoDB's JSON, its attributes sorted by name.
    ///
    /// - Parameter json: Where to write.
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        for (name, value) in sorted(by: { $0.key < $1.key }) {
            json.key(name)
            value.write(to: &json)
        }
        json.endObject()
    }

    /// Reads an item in DynamoDB's JSON.
    ///
    /// - Parameter json: Where to read.
    /// - Throws: ``JSONError`` when this is not an object of attribute values, or names one twice.
    public init(from json: inout JSONReader) throws(JSONError) {
        try self.init(from: &json, levels: AttributeValue.maximumDepth)
    }

    fileprivate init(from json: inout JSONReader, levels: Int) throws(JSONError) {
        self.init()
        try json.beginObject()
        while let key = try json.nextKey() {
            let value = try AttributeValue(from: &json, levels: levels)
            guard updateValue(value, forKey: json.text(in: key)) == nil else {
                throw json.invalid("attribute \"\(json.text(in: key))\" is named twice", at: key.lowerBound)
            }
        }
    }
}

extension Number {
    /// Reads a number in DynamoDB's JSON, where it is a string.
    ///
    /// - Parameter json: Where to read.
    /// - Throws: ``JSONError`` when this is not a string that holds a number DynamoDB can store.
    public init(from json: inout JSONReader) throws(JSONError) {
        let range = try json.rawString()
        guard let number = Number(json.text(in: range)) else {
            throw json.invalid("expected a decimal of at most 38 digits", at: range.lowerBound)
        }
        self = number
    }
}

extension JSONWriter {
    fileprivate mutating func array<Element>(of elements: [Element], _ write: (inout JSONWriter, Element) -> Void) {
        beginArray()
        for element in elements { write(&self, element) }
        endArray()
    }
}

extension JSONReader {
    fileprivate mutating func array<Element>(
        of element: (inout JSONReader) throws(JSONError) -> Element
    ) throws(JSONError) -> [Element] {
        var elements: [Element] = []
        try beginArray()
        while try nextElement() { elements.append(try element(&self)) }
        return elements
    }
}
