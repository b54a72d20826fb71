import TallyMetrics
public import TallyWire

/// Reads the attributes of one item in the order in which a schema asks for them, which need not be the order in
/// which they are stored.
///
/// In the same order, each byte is looked at once. An attribute that comes too early is passed over and remembered.
public struct ItemReader {
    @usableFromInline var values: AttributeReader
    @usableFromInline var passed: [PassedAttribute] = []
    /// Where reading goes on after an attribute that was remembered; `nil` while the reader is there itself.
    @usableFromInline var frontier: Int?

    init(_ json: JSONReader, model: ModelName? = nil, opener: ItemOpener? = nil) throws(JSONError) {
        var json = json
        try json.beginObject()
        values = AttributeReader(json, model: model, opener: opener)
    }

    /// Moves to an attribute.
    ///
    /// - Returns: Whether the item has it; ``values`` then stands before its value.
    @usableFromInline
    mutating func seek(_ key: JSONKey) throws(AttributeError) -> Bool {
        if values.opener != nil { values.attribute = key }
        // The item in the schema's order, as Tally itself writes it.
        if frontier == nil, !isAtEnd, values.json.consumeKey(key) { return true }
        let name = key.name
        for (index, attribute) in passed.enumerated() where values.json.matches(attribute.name, utf8: name.utf8) {
            passed.remove(at: index)
            frontier = frontier ?? values.json.offset
            values.json.offset = attribute.value
            return true
        }
        if let frontier {
            values.json.offset = frontier
            self.frontier = nil
        }
        return try advance(to: name)
    }

    private mutating func advance(to name: String) throws(AttributeError) -> Bool {
        while !isAtEnd {
            let key = try values.step { (json) throws(JSONError) in try json.nextKey() }
            guard let key else {
                isAtEnd = true
                break
            }
            if values.json.matches(key, utf8: name.utf8) { return true }
            let value = try values.step { (json) throws(JSONError) in try json.skipValue() }
            passed.append(PassedAttribute(name: key, value: value.lowerBound))
        }
        return false
    }

    /// Passes over what is left.
    mutating func finish() throws(AttributeError) {
        if let frontier { values.json.offset = frontier }
        frontier = nil
        while !isAtEnd {
            isAtEnd = try values.step { (json) throws(JSONError) in
                guard try json.nextKey() != nil else { return true }
                try json.skipValue()
                return false
            }
        }
    }

    private var isAtEnd = false
}

/// Where an attribute that was passed over stands.
@usableFromInline
struct PassedAttribute {
    let name: Range<Int>
    let value: Int
}

extension AttributeReader {
    /// Reads one value from bytes of its own.
    static func read<Value>(
        _ bytes: [UInt8], _ body: (inout AttributeReader) throws(AttributeError) -> Value
    ) throws(AttributeError) -> Value {
        try JSONReader.read(bytes) { (json) throws(AttributeError) in
            var reader = AttributeReader(json)
            return try body(&reader)
        }
    }
}
