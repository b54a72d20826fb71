/// The elements of an array, for types that write one after another.
struct JSONElementWriter: UnkeyedEncodingContainer {
    let encoder: JSONValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.elementCount }
    private var sink: JSONSink { encoder.sink }

    mutating func encodeNil() throws {
        _ = encoder.countElement()
        sink.json.null()
    }

    mutating func encode(_ value: String) throws {
        _ = encoder.countElement()
        sink.json.string(value)
    }

    // The standard library has implementations of its own for these two, which refuse.
    mutating func encode(_ value: Int128) throws {
        _ = encoder.countElement()
        sink.json.integer(value)
    }

    mutating func encode(_ value: UInt128) throws {
        _ = encoder.countElement()
        sink.json.integer(value)
    }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        try encoder.undoingOnError { try sink.write(value, path: nextPath()) }
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        sink.makeHole(path: nextPath()).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        sink.makeHole(path: nextPath()).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { sink.makeHole(path: nextPath()) }

    private func nextPath() -> JSONPath { JSONPath(JSONCodingKey(encoder.countElement()), in: encoder.path) }
}
