/// The elements of an array, for types that ask for one after another.
struct JSONElements: UnkeyedDecodingContainer {
    private let decoder: JSONValueDecoder
    private var position: Int
    private let end: Int

    private(set) var currentIndex = 0

    init(_ decoder: JSONValueDecoder) {
        self.decoder = decoder
        position = decoder.index + 1
        end = decoder.document.next(decoder.index)
    }

    var codingPath: [any CodingKey] { decoder.codingPath }

    var count: Int? { decoder.document.count(of: decoder.index) }

    var isAtEnd: Bool { position >= end }

    mutating func decodeNil() throws -> Bool {
        guard try element(Any?.self).kind == .null else { return false }
        advance()
        return true
    }

    // The standard library has implementations of its own for these two, which refuse.
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try next(type) }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try next(type) }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next(type) }

    private mutating func next<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try element(type).value(type)
        advance()
        return value
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let container = try element([String: Any].self).container(keyedBy: type)
        advance()
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try element([Any].self).unkeyedContainer()
        advance()
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try element(Any.self)
        advance()
        return decoder
    }

    private func element(_ type: Any.Type) throws -> JSONValueDecoder {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                type,
                DecodingError.Context(
                    codingPath: codingPath + [JSONCodingKey(currentIndex)],
                    remark: "the end of the array"))
        }
        return JSONValueDecoder(document: decoder.document, index: position)
    }

    // Only after a value was taken: what cannot be decoded as one type may be tried as another.
    private mutating func advance() {
        position = decoder.document.next(position)
        currentIndex += 1
    }
}
