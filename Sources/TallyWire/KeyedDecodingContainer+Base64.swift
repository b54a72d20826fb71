extension KeyedDecodingContainer {
    /// The bytes of a member that is base64.
    package func decodeBase64(forKey key: Key) throws -> [UInt8] {
        guard let bytes = Base64.decode(try decode(String.self, forKey: key)) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: codingPath + [key], remark: "a string that is not base64"))
        }
        return bytes
    }
}
