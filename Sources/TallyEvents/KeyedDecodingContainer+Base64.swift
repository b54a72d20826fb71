import TallyWire

extension KeyedDecodingContainer {
    /// The bytes of a member that is base64.
    func decodeBase64(forKey key: Key) throws -> [UInt8] {
        guard let bytes = Base64.decode(try decode(String.self, forKey: key)) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "a string that is not base64")
        }
        return bytes
    }
}
