/// Finds the type of the keys that dictionaries are encoded with, which the standard library does not name.
final class DictionaryKeys: Encoder {
    static let type: ObjectIdentifier? = {
        let finder = DictionaryKeys()
        try? [String: Bool]().encode(to: finder)
        return finder.type
    }()

    private var type: ObjectIdentifier?
    private let encoder = JSONValueEncoder(JSONSink(times: .iso8601), path: nil)

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        self.type = ObjectIdentifier(type)
        return KeyedEncodingContainer(JSONMemberWriter(encoder: encoder))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }
    func singleValueContainer() -> any SingleValueEncodingContainer { encoder }
}
