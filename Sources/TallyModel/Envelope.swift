import TallyWire

/// An encrypted value as it lies in the table, in one Binary attribute.
///
/// | bytes | what |
/// |---|---|
/// | 1 | version, 1 |
/// | 2 | length of the wrapped data key, big-endian |
/// | n | the data key, wrapped by KMS |
/// | 32 | salt |
/// | 32 | commitment to the data key |
/// | m | ciphertext |
/// | 16 | authentication tag |
///
/// Version 1 fixes every algorithm: HKDF-SHA-256 (RFC 5869) makes the value's own key and the commitment from data key
/// and salt, AES-256-GCM (NIST SP 800-38D) encrypts under that key with a nonce of zeros, which a key that is used
/// once allows. Table, key and attribute are both the derivation's info and the associated data.
struct Envelope {
    static let version: UInt8 = 1
    private static let saltCount = 32
    private static let commitmentCount = 32
    private static let tagCount = 16
    private static let nonce = [UInt8](repeating: 0, count: 12)

    let wrappedKey: [UInt8]
    private let salt: ArraySlice<UInt8>
    private let commitment: ArraySlice<UInt8>
    private let sealed: ArraySlice<UInt8>

    /// Takes an envelope apart without opening it.
    ///
    /// - Throws: ``AttributeError`` when the bytes are not an envelope of a known version.
    init(_ bytes: [UInt8]) throws(AttributeError) {
        guard let version = bytes.first, bytes.count >= 3 else { throw Self.error("\(bytes.count) bytes") }
        guard version == Self.version else {
            throw AttributeError(expected: "an encrypted value of version 1", found: "version \(version)")
        }
        let keyCount = Int(bytes[1]) << 8 | Int(bytes[2])
        let saltStart = 3 + keyCount
        let commitmentStart = saltStart + Self.saltCount
        let sealedStart = commitmentStart + Self.commitmentCount
        guard keyCount > 0, bytes.count >= sealedStart + Self.tagCount else { throw Self.error("\(bytes.count) bytes") }
        wrappedKey = Array(bytes[3..<saltStart])
        salt = bytes[saltStart..<commitmentStart]
        commitment = bytes[commitmentStart..<sealedStart]
        sealed = bytes[sealedStart...]
    }

    /// Encrypts a value.
    ///
    /// - Parameters:
    ///   - plaintext: The value.
    ///   - dataKey: The key in the clear.
    ///   - wrappedKey: The same key as KMS wrapped it.
    ///   - place: What the value is bound to.
    /// - Returns: The envelope's bytes.
    static func seal(_ plaintext: [UInt8], dataKey: SecretBytes, wrappedKey: [UInt8], place: [UInt8]) -> [UInt8] {
        guard let keyCount = UInt16(exactly: wrappedKey.count) else {
            fatalError("Envelope: KMS returned a wrapped key of \(wrappedKey.count) bytes, above its own limit of 6144")
        }
        let salt = RandomBytes.generate(saltCount)
        let derived = Derived(dataKey: dataKey, salt: salt, place: place)
        let sealed: [UInt8]
        do throws(AESGCMError) {
            sealed = try AESGCM.seal(plaintext, key: derived.key, nonce: nonce, authenticating: place)
        } catch {
            fatalError("Envelope: \(error), though key and nonce have the lengths that AES-256-GCM asks for")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 + wrappedKey.count + saltCount + commitmentCount + sealed.count)
        bytes += [version, UInt8(keyCount >> 8), UInt8(keyCount & 0xFF)]
        bytes += wrappedKey
        bytes += salt
        bytes += derived.commitment
        bytes += sealed
        return bytes
    }

    /// Decrypts the value.
    ///
    /// - Parameters:
    ///   - dataKey: ``wrappedKey`` in the clear.
    ///   - place: What the value must be bound to.
    /// - Returns: The plaintext.
    /// - Throws: ``AttributeError`` when the value was altered, or belongs to another place or key.
    func open(dataKey: SecretBytes, place: [UInt8]) throws(AttributeError) -> [UInt8] {
        let derived = Derived(dataKey: dataKey, salt: Array(salt), place: place)
        guard ConstantTime.equal(derived.commitment, Array(commitment)) else { throw Self.altered }
        do throws(AESGCMError) {
            return try AESGCM.open(Array(sealed), key: derived.key, nonce: Self.nonce, authenticating: place)
        } catch {
            throw Self.altered
        }
    }

    private struct Derived {
        let key: SecretBytes
        let commitment: [UInt8]

        init(dataKey: SecretBytes, salt: [UInt8], place: [UInt8]) {
            let material = HKDFSHA256.derive(key: dataKey, salt: salt, info: place, count: 64)
            (key, commitment) = material.withUnsafeBytes { (SecretBytes($0[..<32]), Array($0[32...])) }
        }
    }

    private static func error(_ found: String) -> AttributeError {
        AttributeError(expected: "an encrypted value", found: found)
    }

    private static let altered = AttributeError(
        expected: "the value encrypted for this item and attribute", found: "one altered or moved here")
}
