/// A type of Foundation that JSON coders treat apart from what its own `Codable` says.
///
/// Foundation is not imported for it: that would link it into every function, a quarter of a small one. A function that
/// uses such a type has it, and then the type is found by its name.
enum FoundationValue {
    /// A moment, as in ``Timestamp``.
    case date
    /// Bytes, as base64.
    case data
    /// A URL, as its text.
    case url
    /// A decimal number, as a number.
    case decimal

    private static let types: [(id: ObjectIdentifier, value: FoundationValue)] = {
        // Mangled names of FoundationEssentials, where Foundation has them from as well.
        let names: [(String, FoundationValue)] = [
            ("4DateV", .date), ("4DataV", .data), ("3URLV", .url), ("7DecimalV", .decimal),
        ]
        return names.compactMap { name, value in
            _typeByName("20FoundationEssentials\(name)").map { (ObjectIdentifier($0), value) }
        }
    }()

    init?(_ type: Any.Type) {
        let types = Self.types
        guard !types.isEmpty else { return nil }
        let id = ObjectIdentifier(type)
        guard let match = types.first(where: { $0.id == id }) else { return nil }
        self = match.value
    }

    // MARK: - Decoding

    func decode<Value: Decodable>(_ type: Value.Type, _ decoder: JSONValueDecoder) throws -> Value {
        switch self {
        case .date:
            let (seconds, nanoseconds) = Timestamp.floor(
                try Timestamp(from: decoder).nanosecondsSinceEpoch, 1_000_000_000)
            let since2001 = Double(seconds - Self.secondsUntil2001) + Double(nanoseconds) / 1e9
            return try native(type) { $0.number(since2001) }
        case .data:
            guard let bytes = Base64.decode(try decoder.decode(String.self)) else {
                throw decoder.corrupted("a string that is not base64")
            }
            guard let collection = type as? any RangeReplaceableCollection<UInt8>.Type,
                let value = Self.make(collection, bytes) as? Value
            else { throw decoder.mismatch(type) }
            return value
        case .url:
            let text = try decoder.decode(String.self)
            do {
                return try native(type) { json in
                    json.beginObject()
                    json.key("relative")
                    json.string(text)
                    json.endObject()
                }
            } catch {
                throw decoder.corrupted("a string that is no URL")
            }
        case .decimal:
            guard decoder.kind == .number else { throw decoder.mismatch(type) }
            guard let parts = DecimalParts(decoder.document.text(decoder.index)) else {
                throw decoder.corrupted("a number that does not fit")
            }
            return try native(type) { parts.write(to: &$0) }
        }
    }

    /// Decodes the type as it codes itself.
    private func native<Value: Decodable>(_ type: Value.Type, _ write: (inout JSONWriter) -> Void) throws -> Value {
        var json = JSONWriter()
        write(&json)
        return try Value(
            from: JSONValueDecoder(document: JSONDocument(json.bytes, maximumDepth: JSONReader.depthLimit), index: 0))
    }

    private static func make<Bytes: RangeReplaceableCollection<UInt8>>(
        _ type: Bytes.Type, _ bytes: [UInt8]
    ) -> Bytes {
        Bytes(bytes)
    }

    /// From the beginning of 1970 to that of 2001, from where `Date` counts.
    static let secondsUntil2001: Int64 = 978_307_200
}
