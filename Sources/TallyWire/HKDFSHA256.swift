/// Derives keys from a key with HMAC-SHA-256 (RFC 5869).
public enum HKDFSHA256 {
    /// Derives bytes that are as secret as `key`.
    ///
    /// - Parameters:
    ///   - key: The secret to start from.
    ///   - salt: Random and not secret; may be empty.
    ///   - info: What the derived bytes are for; different purposes give unrelated bytes.
    ///   - count: How many bytes to derive, at most 8160.
    /// - Returns: The derived bytes.
    public static func derive(key: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        key.withBytes { derive(key: $0, salt: salt, info: info, count: count) }
    }

    /// Derives a key from a key, leaving no copy of either behind.
    ///
    /// - Parameters:
    ///   - key: The secret to start from.
    ///   - salt: Random and not secret; may be empty.
    ///   - info: What the derived key is for; different purposes give unrelated keys.
    ///   - count: How many bytes to derive, at most 8160.
    /// - Returns: The derived key.
    public static func derive(key: SecretBytes, salt: [UInt8], info: [UInt8], count: Int) -> SecretBytes {
        var derived = key.withUnsafeBytes { derive(key: $0, salt: salt, info: info, count: count) }
        return SecretBytes(moving: &derived)
    }

    private static func derive(
        key: UnsafeRawBufferPointer, salt: [UInt8], info: [UInt8], count: Int
    ) -> [UInt8] {
        guard (0...(255 * SHA256.byteCount)).contains(count) else {
            fatalError("HKDFSHA256.derive: count is \(count); RFC 5869 allows 0...\(255 * SHA256.byteCount)")
        }
        // Extract: concentrate the key's entropy in one pseudorandom key. Expand: chain codes until there are enough.
        var code = salt.withBytes { HMACSHA256.authenticate([key], key: $0) }
        let extracted = SecretBytes(moving: &code)
        return extracted.withUnsafeBytes { extracted in
            var output: [UInt8] = []
            // Room for the last block whole, so that no growth leaves an uncleansed copy.
            output.reserveCapacity(count + SHA256.byteCount)
            var block: [UInt8] = []
            var counter: [UInt8] = [1]
            while output.count < count {
                var next = block.withBytes { block in
                    info.withBytes { info in
                        counter.withBytes { HMACSHA256.authenticate([block, info, $0], key: extracted) }
                    }
                }
                block.cleanse()
                swap(&block, &next)
                output.append(contentsOf: block.prefix(count - output.count))
                counter[0] &+= 1
            }
            block.cleanse()
            return output
        }
    }
}
