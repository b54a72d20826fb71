import COpenSSL

/// Authenticated encryption with AES-256 in Galois/counter mode (NIST SP 800-38D).
///
///     let sealed = try AESGCM.seal(plaintext, key: key, nonce: nonce, authenticating: context)
///     let opened = try AESGCM.open(sealed, key: key, nonce: nonce, authenticating: context)
///
/// A nonce must never be used twice with the same key: it gives both plaintexts away.
public enum AESGCM {
    /// The number of bytes in a key.
    public static let keyByteCount = 32
    /// The number of bytes in a nonce.
    public static let nonceByteCount = 12
    /// The number of bytes by which a sealed text is longer.
    public static let tagByteCount = 16

    /// Encrypts a text and authenticates it together with its context.
    ///
    /// - Parameters:
    ///   - plaintext: What to encrypt.
    ///   - key: 32 secret bytes.
    ///   - nonce: 12 bytes, never used before with this key.
    ///   - context: What the text belongs to; not encrypted and not part of the result, but needed to open it.
    /// - Returns: The ciphertext followed by the 16-byte tag.
    /// - Throws: ``AESGCMError`` when key or nonce have the wrong length.
    public static func seal(
        _ plaintext: [UInt8], key: SecretBytes, nonce: [UInt8], authenticating context: [UInt8]
    ) throws(AESGCMError) -> [UInt8] {
        try key.withUnsafeBytes { (key) throws(AESGCMError) in
            try seal(plaintext, key: key, nonce: nonce, authenticating: context)
        }
    }

    /// Encrypts a text and authenticates it together with its context, with a key at hand as an array.
    ///
    /// - Parameters:
    ///   - plaintext: What to encrypt.
    ///   - key: 32 secret bytes.
    ///   - nonce: 12 bytes, never used before with this key.
    ///   - context: What the text belongs to; not encrypted and not part of the result, but needed to open it.
    /// - Returns: The ciphertext followed by the 16-byte tag.
    /// - Throws: ``AESGCMError`` when key or nonce have the wrong length.
    public static func seal(
        _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], authenticating context: [UInt8]
    ) throws(AESGCMError) -> [UInt8] {
        try key.withUnsafeBufferPointer { (key) throws(AESGCMError) in
            try seal(plaintext, key: UnsafeRawBufferPointer(key), nonce: nonce, authenticating: context)
        }
    }

    /// Decrypts what ``seal(_:key:nonce:authenticating:)-(_,SecretBytes,_,_)`` returned.
    ///
    /// - Parameters:
    ///   - sealed: The ciphertext followed by the 16-byte tag.
    ///   - key: The key it was sealed with.
    ///   - nonce: The nonce it was sealed with.
    ///   - context: The context it was sealed with.
    /// - Returns: The plaintext.
    /// - Throws: ``AESGCMError``, `.authenticationFailed` when any of the four is not what it was.
    public static func open(
        _ sealed: [UInt8], key: SecretBytes, nonce: [UInt8], authenticating context: [UInt8]
    ) throws(AESGCMError) -> [UInt8] {
        try key.withUnsafeBytes { (key) throws(AESGCMError) in
            try open(sealed, key: key, nonce: nonce, authenticating: context)
        }
    }

    /// Decrypts what ``seal(_:key:nonce:authenticating:)-(_,[UInt8],_,_)`` returned, with a key at hand as an array.
    ///
    /// - Parameters:
    ///   - sealed: The ciphertext followed by the 16-byte tag.
    ///   - key: The key it was sealed with.
    ///   - nonce: The nonce it was sealed with.
    ///   - context: The context it was sealed with.
    /// - Returns: The plaintext.
    /// - Throws: ``AESGCMError``, `.authenticationFailed` when any of the four is not what it was.
    public static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating context: [UInt8]
    ) throws(AESGCMError) -> [UInt8] {
        try key.withUnsafeBufferPointer { (key) throws(AESGCMError) in
            try open(sealed, key: UnsafeRawBufferPointer(key), nonce: nonce, authenticating: context)
        }
    }

    // MARK: - OpenSSL

    private static func seal(
        _ plaintext: [UInt8], key: UnsafeRawBufferPointer, nonce: [UInt8], authenticating context: [UInt8]
    ) throws(AESGCMError) -> [UInt8] {
        try check(key, nonce)
        let cipher = Cipher()
        let sealed = [UInt8](unsafeUninitializedCapacity: plaintext.count + tagByteCount) { output, count in
            cipher.begin(.seal, key: key, nonce: nonce)
            cipher.authenticate(context)
            plaintext.withBytes { cipher.update($0, into: output) }
            cipher.finishSealing(tag: UnsafeMutableBufferPointer(rebasing: output[plaintext.count...]))
            count = plaintext.count + tagByteCount
        }
        return sealed
    }

    private static func open(
        _ sealed: [UInt8], key: UnsafeRawBufferPointer, nonce: [UInt8], authenticating context: [UInt8]
    ) throws(AESGCMError) -> [UInt8] {
        try check(key, nonce)
        guard sealed.count >= tagByteCount else {
            throw AESGCMError(.invalidLength, "sealed text has \(sealed.count) bytes, fewer than its tag")
        }
        let textCount = sealed.count - tagByteCount
        let cipher = Cipher()
        var isAuthentic = false
        var plaintext = [UInt8](room: textCount) { output in
            cipher.begin(.open, key: key, nonce: nonce)
            cipher.authenticate(context)
            sealed[..<textCount].withBytes { cipher.update($0, into: output) }
            isAuthentic = cipher.finishOpening(tag: Array(sealed[textCount...]))
            return textCount
        }
        guard isAuthentic else {
            plaintext.cleanse()
            throw AESGCMError(.authenticationFailed, "sealed text, key, nonce or context is not what was sealed")
        }
        return plaintext
    }

    private static func check(_ key: UnsafeRawBufferPointer, _ nonce: [UInt8]) throws(AESGCMError) {
        guard key.count == keyByteCount else {
            throw AESGCMError(.invalidLength, "key has \(key.count) bytes, needs \(keyByteCount)")
        }
        guard nonce.count == nonceByteCount else {
            throw AESGCMError(.invalidLength, "nonce has \(nonce.count) bytes, needs \(nonceByteCount)")
        }
    }
}
