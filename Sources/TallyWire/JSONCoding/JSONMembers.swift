/// The members of an object, for types that ask for them by name.
struct JSONMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: JSONValueDecoder
    /// Where an object has so many members that to search them one by one would take long.
    private let index: [[UInt8]: Int]?

    private static var searchLimit: Int { 32 }

    init(_ decoder: JSONValueDecoder) {
        self.decoder = decoder
        index = decoder.document.index(of: decoder.index, beyond: Self.searchLimit)
    }

    var codingPath: [any CodingKey] { decoder.codingPath }

    /// Each name once: whoever decodes what all keys have would else decode a member as often as it occurs.
    var allKeys: [Key] {
        var seen: Set<[UInt8]> = []
        return decoder.document.children(of: decoder.index).compactMap { child in
            let name = decoder.document.text(child - 1)
            return seen.insert(Array(name.utf8)).inserted ? Key(stringValue: name) : nil
        }
    }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).kind == .null }

    // What most members are, without the way through a decoder of their own.
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key).decode(type) }

    // The standard library has implementations of its own for these two, which refuse.
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try value(key).decode(type) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try value(key).decode(type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try value(key).value(type)
    }

    // In place of the standard library's, which look for the member three times.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try present(key)?.decode(type) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try present(key)?.decode(type) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try present(key)?.decode(type) }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try present(key)?.decode(type)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try present(key)?.value(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try value(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try value(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { superDecoder(named: JSONCodingKey.superclass) }

    func superDecoder(forKey key: Key) -> any Decoder { superDecoder(named: key) }

    /// Where there is no such member null, as with Foundation's coder: what a class inherits may need nothing.
    private func superDecoder(named key: some CodingKey) -> JSONValueDecoder {
        if let index = find(key) { return JSONValueDecoder(document: decoder.document, index: index) }
        let place = codingPath + [JSONCodingKey(key.stringValue)]
        return JSONValueDecoder(document: JSONDocument(missingAt: place), index: 0)
    }

    // MARK: - Members

    private func find(_ key: some CodingKey) -> Int? {
        if let index { return index[Array(key.stringValue.utf8)] }
        return decoder.document.member(key.stringValue, of: decoder.index)
    }

    private func present(_ key: Key) -> JSONValueDecoder? {
        guard let index = find(key), decoder.document.kind(index) != .null else { return nil }
        return JSONValueDecoder(document: decoder.document, index: index)
    }

    private func value(_ key: Key) throws -> JSONValueDecoder { try value(named: key) }

    private func value(named key: some CodingKey) throws -> JSONValueDecoder {
        guard let index = find(key) else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "there is no such member"))
        }
        return JSONValueDecoder(document: decoder.document, index: index)
    }
}

extension JSONDocument {
    /// The values of an object's members by name, for objects that have more than `limit`.
    fileprivate func index(of object: Int, beyond limit: Int) -> [[UInt8]: Int]? {
        guard count(of: object) > limit else { return nil }
        return Dictionary(children(of: object).map { (Array(text($0 - 1).utf8), $0) }) { _, last in last }
    }
}
