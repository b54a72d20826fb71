import TallyMetrics
public import TallyWire

/// Reads attribute values in DynamoDB's JSON, `{"S":"text"}`, straight from an item's bytes.
public struct AttributeReader {
    @usableFromInline var json: JSONReader
    /// The attribute that is being read, which is part of what a secret is bound to.
    var attribute: JSONKey?
    /// The model that is being read, on whose behalf its files are fetched later.
    let model: ModelName?
    /// What decrypts secrets; `nil` for items without.
    let opener: ItemOpener?

    init(_ json: JSONReader, model: ModelName? = nil, opener: ItemOpener? = nil) {
        self.json = json
        self.model = model
        self.opener = opener
    }

    /// Reads a string.
    ///
    /// - Returns: The string.
    /// - Throws: ``AttributeError`` when another type is stored.
    @inlinable
    public mutating func string() throws(AttributeError) -> String {
        try read(.string) { (json) throws(JSONError) in try json.string() }
    }

    /// Reads a number's decimal text.
    ///
    /// - Returns: The text as DynamoDB keeps it.
    /// - Throws: ``AttributeError`` when another type is stored.
    @inlinable
    public mutating func numberText() throws(AttributeError) -> String {
        try read(.number) { (json) throws(JSONError) in try json.string() }
    }

    /// Reads a Boolean.
    ///
    /// - Returns: The Boolean.
    /// - Throws: ``AttributeError`` when another type is stored.
    @inlinable
    public mutating func bool() throws(AttributeError) -> Bool {
        try read(.bool) { (json) throws(JSONError) in try json.bool() }
    }

    /// Reads bytes.
    ///
    /// - Returns: The bytes.
    /// - Throws: ``AttributeError`` when another type is stored.
    public mutating func binary() throws(AttributeError) -> [UInt8] {
        try read(.binary) { (json) throws(JSONError) in try json.base64() }
    }

    /// Reads a set of strings.
    ///
    /// - Returns: The strings in the order stored.
    /// - Throws: ``AttributeError`` when another type is stored.
    public mutating func stringSet() throws(AttributeError) -> [String] {
        try read(.stringSet, Self.strings)
    }

    /// Reads a set of numbers.
    ///
    /// - Returns: The numbers' decimal texts in the order stored.
    /// - Throws: ``AttributeError`` when another type is stored.
    public mutating func numberSet() throws(AttributeError) -> [String] {
        try read(.numberSet, Self.strings)
    }

    /// Reads any value.
    ///
    /// - Returns: The value.
    /// - Throws: ``AttributeError`` when it is not one.
    public mutating func value() throws(AttributeError) -> AttributeValue {
        do throws(JSONError) {
            return try AttributeValue(from: &json)
        } catch {
            throw AttributeError(error)
        }
    }

    /// Reads a list.
    ///
    /// - Parameter element: Reads one element.
    /// - Returns: The elements.
    /// - Throws: ``AttributeError`` when another type is stored, and what `element` throws.
    @inlinable
    public mutating func list<Element>(
        _ element: (inout AttributeReader) throws(AttributeError) -> Element
    ) throws(AttributeError) -> [Element] {
        var elements: [Element] = []
        try enter(.list)
        try step { (json) throws(JSONError) in try json.beginArray() }
        while try step({ (json) throws(JSONError) in try json.nextElement() }) {
            elements.append(try element(&self))
        }
        try leave()
        return elements
    }

    /// Reads a map.
    ///
    /// - Parameter element: Reads one value.
    /// - Returns: The values by name.
    /// - Throws: ``AttributeError`` when another type is stored, and what `element` throws.
    @inlinable
    public mutating func map<Element>(
        _ element: (inout AttributeReader) throws(AttributeError) -> Element
    ) throws(AttributeError) -> [String: Element] {
        var members: [String: Element] = [:]
        try enter(.map)
        try step { (json) throws(JSONError) in try json.beginObject() }
        while let name = try step({ (json) throws(JSONError) in try json.nextMember() }) {
            members[name] = try element(&self)
        }
        try leave()
        return members
    }

    /// Passes over DynamoDB's NULL.
    ///
    /// - Returns: Whether NULL is stored.
    /// - Throws: ``AttributeError`` when the value is broken.
    @inlinable
    public mutating func consumeNull() throws(AttributeError) -> Bool {
        let start = json
        let isNull = try step { (json) throws(JSONError) in
            try json.beginObject()
            guard let tag = try json.nextKey(), json.matches(tag, "NULL") else { return false }
            _ = try json.bool()
            return try json.nextKey() == nil
        }
        if !isNull { json = start }
        return isNull
    }

    // MARK: - Steps

    @inlinable
    mutating func read<Value>(
        _ type: AttributeType, _ value: (inout JSONReader) throws(JSONError) -> Value
    ) throws(AttributeError) -> Value {
        try enter(type)
        let result = try step(value)
        try leave()
        return result
    }

    @usableFromInline
    mutating func enter(_ type: AttributeType) throws(AttributeError) {
        if json.consumeOpening(type.opening) { return }
        let found = try step { (json) throws(JSONError) in
            try json.beginObject()
            return try json.nextKey()
        }
        guard let found, json.matches(found, type.tag) else {
            throw AttributeError(expected: "\(type.tag)", found: found.map { json.text(in: $0) } ?? "an empty object")
        }
    }

    @usableFromInline
    mutating func leave() throws(AttributeError) {
        if json.consumeClosing() { return }
        let next = try step { (json) throws(JSONError) in try json.nextKey() }
        if let next {
            throw AttributeError(expected: "one type", found: "\(json.text(in: next)) beside it")
        }
    }

    @inlinable
    mutating func step<Value>(_ body: (inout JSONReader) throws(JSONError) -> Value) throws(AttributeError) -> Value {
        do throws(JSONError) {
            return try body(&json)
        } catch {
            throw AttributeError(error)
        }
    }

    private static func strings(_ json: inout JSONReader) throws(JSONError) -> [String] {
        var texts: [String] = []
        try json.beginArray()
        while try json.nextElement() { texts.append(try json.string()) }
        return texts
    }
}
