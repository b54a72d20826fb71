/// The members of an object, for types that write them by name.
struct JSONMemberWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: JSONValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    private var sink: JSONSink { encoder.sink }

    mutating func encodeNil(forKey key: Key) throws {
        sink.json.key(key.stringValue)
        sink.json.null()
    }

    mutating func encode(_ value: Bool, forKey key: Key) throws {
        sink.json.key(key.stringValue)
        sink.json.bool(value)
    }

    mutating func encode(_ value: String, forKey key: Key) throws {
        sink.json.key(key.stringValue)
        sink.json.string(value)
    }

    mutating func encode(_ value: Int, forKey key: Key) throws {
        sink.json.key(key.stringValue)
        sink.json.integer(value)
    }

    mutating func encode(_ value: Double, forKey key: Key) throws {
        try encoder.whole {
            sink.json.key(key.stringValue)
            try sink.write(value, path: JSONPath(key, in: encoder.path))
        }
    }

    mutating func encode(_ value: Int128, forKey key: Key) throws {
        sink.json.key(key.stringValue)
        sink.json.integer(value)
    }

    mutating func encode(_ value: UInt128, forKey key: Key) throws {
        sink.json.key(key.stringValue)
        sink.json.integer(value)
    }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try encoder.whole {
            sink.json.key(key.stringValue)
            try sink.write(value, path: JSONPath(key, in: encoder.path))
        }
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        hole(key).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        hole(key).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { hole(JSONCodingKey.superclass) }

    mutating func superEncoder(forKey key: Key) -> any Encoder { hole(key) }

    private func hole(_ key: some CodingKey) -> JSONValueEncoder {
        sink.json.key(key.stringValue)
        return sink.makeHole(path: JSONPath(key, in: encoder.path))
    }
}
