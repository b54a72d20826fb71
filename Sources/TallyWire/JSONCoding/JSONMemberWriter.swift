/// The members of an object, for types that write them by name.
struct JSONMemberWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: JSONValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    private var sink: JSONSink { encoder.sink }

    mutating func encodeNil(forKey key: Key) throws { write(key) { $0.null() } }
    mutating func encode(_ value: Bool, forKey key: Key) throws { write(key) { $0.bool(value) } }
    mutating func encode(_ value: String, forKey key: Key) throws { write(key) { $0.string(value) } }
    mutating func encode(_ value: Int, forKey key: Key) throws { write(key) { $0.integer(value) } }

    // The standard library has implementations of its own for these two, which refuse.
    mutating func encode(_ value: Int128, forKey key: Key) throws { write(key) { $0.integer(value) } }
    mutating func encode(_ value: UInt128, forKey key: Key) throws { write(key) { $0.integer(value) } }

    mutating func encode(_ value: Double, forKey key: Key) throws {
        try encoder.undoingOnError {
            try encoder.member(key) { try sink.write(value, path: JSONPath(key, in: encoder.path)) }
        }
    }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try encoder.undoingOnError {
            try encoder.member(key) { try sink.write(value, path: JSONPath(key, in: encoder.path)) }
        }
    }

    private func write(_ key: Key, _ value: (inout JSONWriter) -> Void) {
        encoder.member(key) { value(&sink.json) }
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        encoder.hole(key, .object).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.hole(key, .array).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { encoder.hole(JSONCodingKey.superclass, nil) }

    mutating func superEncoder(forKey key: Key) -> any Encoder { encoder.hole(key, nil) }
}
