extension Statistics: Codable {
    private enum Member: String, CodingKey {
        case times, counters, attributes, dropped
    }

    /// Encodes an object of `times`, `counters` and `attributes`, each by name.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Member.self)
        try object.encode(Self.named(times), forKey: .times)
        try object.encode(Self.named(counters), forKey: .counters)
        try object.encode(Self.named(attributes), forKey: .attributes)
        try object.encode(dropped, forKey: .dropped)
    }

    /// Decodes what was encoded.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError` when it is no statistics.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Member.self)
        self.init(
            times: Self.keyed(try object.decode([String: TimeStats].self, forKey: .times)),
            counters: Self.keyed(try object.decode([String: Int].self, forKey: .counters)),
            attributes: Self.keyed(try object.decode([String: SizeStats].self, forKey: .attributes)),
            dropped: try object.decode(Int.self, forKey: .dropped))
    }

    private static func named<Value>(_ values: [StatisticName: Value]) -> [String: Value] {
        Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
    }

    private static func keyed<Value>(_ values: [String: Value]) -> [StatisticName: Value] {
        Dictionary(uniqueKeysWithValues: values.map { (StatisticName(rawValue: $0.key), $0.value) })
    }
}
