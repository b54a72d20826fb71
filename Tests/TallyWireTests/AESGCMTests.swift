import TallyWire
import Testing

@Suite struct AESGCMTests {
    struct Vector: Sendable {
        var key: String
        var nonce: String
        var plaintext: String
        var context: String
        var sealed: String
    }

    private static let text =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
    private static let ciphertext =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
    private static let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
    private static let zeros = String(repeating: "00", count: 32)

    // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, cases 13 to 16.
    static let vectors = [
        Vector(
            key: zeros, nonce: String(zeros.prefix(24)), plaintext: "", context: "",
            sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
        Vector(
            key: zeros, nonce: String(zeros.prefix(24)), plaintext: String(zeros.prefix(32)), context: "",
            sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
        Vector(
            key: key, nonce: "cafebabefacedbaddecaf888", plaintext: text, context: "",
            sealed: ciphertext + "b094dac5d93471bdec1a502270e3cc6c"),
        Vector(
            key: key, nonce: "cafebabefacedbaddecaf888", plaintext: String(text.dropLast(8)),
            context: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            sealed: ciphertext.dropLast(8) + "76fc6ece0f4e1768cddf8853bb2d551b"),
    ]

    @Test(arguments: vectors)
    func `sealed texts are those of the paper and open again`(vector: Vector) throws {
        let key = try #require(Hex.decode(vector.key))
        let nonce = try #require(Hex.decode(vector.nonce))
        let plaintext = try #require(Hex.decode(vector.plaintext))
        let context = try #require(Hex.decode(vector.context))

        let sealed = try AESGCM.seal(plaintext, key: key, nonce: nonce, authenticating: context)
        let opened = try AESGCM.open(sealed, key: SecretBytes(key), nonce: nonce, authenticating: context)

        #expect(Hex.encode(sealed) == vector.sealed)
        #expect(opened == plaintext)
    }

    @Test func `no change of text, tag, key, nonce or context opens`() throws {
        let key = SecretBytes(RandomBytes.generate(32))
        let nonce = RandomBytes.generate(12)
        let context = Array("documents/DOC#1/ssn".utf8)
        let sealed = try AESGCM.seal(Array("078-05-1120".utf8), key: key, nonce: nonce, authenticating: context)

        func isRefused(_ sealed: [UInt8], _ key: SecretBytes, _ nonce: [UInt8], _ context: [UInt8]) -> Bool {
            do throws(AESGCMError) {
                _ = try AESGCM.open(sealed, key: key, nonce: nonce, authenticating: context)
                return false
            } catch {
                return error.code == .authenticationFailed
            }
        }

        for index in sealed.indices {
            var forged = sealed
            forged[index] ^= 0x80
            #expect(isRefused(forged, key, nonce, context))
        }
        #expect(isRefused(Array(sealed.dropLast()), key, nonce, context))
        #expect(isRefused(sealed, SecretBytes(RandomBytes.generate(32)), nonce, context))
        #expect(isRefused(sealed, key, RandomBytes.generate(12), context))
        #expect(isRefused(sealed, key, nonce, context + [0]))
        #expect(!isRefused(sealed, key, nonce, context))
    }

    @Test func `wrong lengths are named`() throws {
        let key = RandomBytes.generate(32)
        let nonce = RandomBytes.generate(12)

        let shortKey = #expect(throws: AESGCMError.self) {
            try AESGCM.seal([], key: Array(key.dropLast()), nonce: nonce, authenticating: [])
        }
        let longNonce = #expect(throws: AESGCMError.self) {
            try AESGCM.seal([], key: key, nonce: nonce + [0], authenticating: [])
        }
        let noTag = #expect(throws: AESGCMError.self) {
            try AESGCM.open([1, 2, 3], key: key, nonce: nonce, authenticating: [])
        }

        #expect(shortKey?.description == "AES-GCM: key has 31 bytes, needs 32")
        #expect(longNonce?.description == "AES-GCM: nonce has 13 bytes, needs 12")
        #expect(noTag?.description == "AES-GCM: sealed text has 3 bytes, fewer than its tag")
    }
}
