import COpenSSL

/// Keyed authentication of messages with SHA-256 (RFC 2104).
public enum HMACSHA256 {
    /// SHA-256 takes in 64 bytes at a time.
    private static let blockSize = 64

    /// Returns the authentication code of a message.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - key: The key, of any length.
    /// - Returns: The 32 bytes of the code.
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        key.withBytes { key in message.withBytes { authenticate([$0], key: key) } }
    }

    /// Returns the authentication code of a message, leaving no copy of the key behind.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - key: The key, of any length.
    /// - Returns: The 32 bytes of the code.
    public static func authenticate(_ message: [UInt8], key: SecretBytes) -> [UInt8] {
        key.withUnsafeBytes { key in message.withBytes { authenticate([$0], key: key) } }
    }

    static func authenticate(_ pieces: [UnsafeRawBufferPointer], key: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { code, count in
            let code = UnsafeMutableRawBufferPointer(code)
            // One half OpenSSL's own HMAC costs, measured with short messages: no look-ups, no allocation.
            withUnsafeTemporaryAllocation(byteCount: blockSize, alignment: 8) { pad in
                SHA256.Context.withShared { digest in
                    begin(pad, with: key, digest)
                    digest.begin()
                    digest.update(UnsafeRawBufferPointer(pad))
                    for piece in pieces { digest.update(piece) }
                    digest.end(into: code)

                    // From the inner pad, key ⊕ 0x36…, to the outer one, key ⊕ 0x5C….
                    for index in pad.indices { pad[index] ^= 0x36 ^ 0x5C }
                    digest.begin()
                    digest.update(UnsafeRawBufferPointer(pad))
                    digest.update(UnsafeRawBufferPointer(rebasing: code[..<SHA256.byteCount]))
                    digest.end(into: code)
                }
                OPENSSL_cleanse(pad.baseAddress, pad.count)
            }
            count = SHA256.byteCount
        }
    }

    /// Fills `pad` with the inner pad; a key longer than a block stands for its digest.
    private static func begin(
        _ pad: UnsafeMutableRawBufferPointer, with key: UnsafeRawBufferPointer, _ digest: borrowing SHA256.Context
    ) {
        pad.initializeMemory(as: UInt8.self, repeating: 0)
        if key.count > blockSize {
            digest.begin()
            digest.update(key)
            digest.end(into: pad)
        } else {
            pad.copyMemory(from: key)
        }
        for index in pad.indices { pad[index] ^= 0x36 }
    }
}
