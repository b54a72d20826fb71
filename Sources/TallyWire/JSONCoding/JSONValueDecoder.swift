/// Decodes one value of a document.
struct JSONValueDecoder: Decoder {
    let document: JSONDocument
    let index: Int

    var codingPath: [any CodingKey] { document.path(to: index) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard kind == .object else { throw mismatch([String: Any].self) }
        return KeyedDecodingContainer(JSONMembers(self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard kind == .array else { throw mismatch([Any].self) }
        return JSONElements(self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    var kind: JSONReader.Kind { document.kind(index) }

    /// Decodes the value as any type.
    func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let foreign = FoundationValue(type) { return try foreign.decode(type, self) }
        return try Value(from: self)
    }

    // MARK: - Errors

    func mismatch(_ type: Any.Type) -> DecodingError {
        let context =
            document.isMissing
            ? DecodingError.Context(codingPath: codingPath, remark: "no such member")
            : DecodingError.Context(codingPath: codingPath, debugDescription: kind.article)
        return kind == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    func corrupted(_ remark: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: codingPath, remark: remark))
    }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { kind == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard kind == .bool else { throw mismatch(type) }
        return document.bool(index)
    }

    func decode(_ type: String.Type) throws -> String {
        guard kind == .string else { throw mismatch(type) }
        return document.text(index)
    }

    func decode(_ type: Double.Type) throws -> Double { try floatingPoint(type) { Double($0) } }
    func decode(_ type: Float.Type) throws -> Float { try floatingPoint(type) { Float($0) } }

    func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: Int128.Type) throws -> Int128 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try integer(type) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value(type) }

    private func floatingPoint<Value: BinaryFloatingPoint>(
        _ type: Value.Type, _ parse: (String) -> Value?
    ) throws -> Value {
        guard kind == .number else { throw mismatch(type) }
        guard let value = parse(document.text(index)), value.isFinite else {
            throw corrupted("a number that does not fit")
        }
        return value
    }

    private func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        guard kind == .number else { throw mismatch(type) }
        if let value = document.integer(index, type) { return value }
        // Whole all the same where it is written with a fraction or an exponent: 3.0, 1e3.
        if let number = Double(document.text(index)), number.magnitude < 0x1p53, let value = Value(exactly: number) {
            return value
        }
        throw corrupted("a number that does not fit")
    }
}

extension JSONDocument {
    /// The number at `index`, `nil` where it is not written as a whole one or does not fit.
    fileprivate func integer<Value: FixedWidthInteger>(_ index: Int, _ type: Value.Type) -> Value? {
        var rest = bytes[range(index)]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        var value: Value = 0
        for byte in rest {
            guard byte &- UInt8(ascii: "0") < 10 else { return nil }
            let digit = Value(truncatingIfNeeded: byte - UInt8(ascii: "0"))
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            // Downwards below zero, since the least number has no positive counterpart.
            let (sum, isBeyond) =
                isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if isTooLarge || isBeyond { return nil }
            value = sum
        }
        return value
    }
}

/// What was found, in words that hold no value of the text, as those of other authors may.
struct JSONRemark: Error {
    let text: String
}

extension DecodingError.Context {
    init(codingPath: [any CodingKey], remark: String) {
        self.init(codingPath: codingPath, debugDescription: remark, underlyingError: JSONRemark(text: remark))
    }
}

extension JSONReader.Kind {
    /// Such as `a number`.
    var article: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "true or false"
        case .null: "null"
        }
    }
}
