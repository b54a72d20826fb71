import TallyWire
import Testing

@Suite struct HKDFSHA256Tests {
    struct Vector: Sendable {
        var key: [UInt8]
        var salt: [UInt8]
        var info: [UInt8]
        var derived: String
    }

    // RFC 5869 appendix A.1 to A.3.
    static let vectors = [
        Vector(
            key: .init(repeating: 0x0B, count: 22), salt: Array(0x00...0x0C), info: Array(0xF0...0xF9),
            derived: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
        Vector(
            key: Array(0x00...0x4F), salt: Array(0x60...0xAF), info: Array(0xB0...0xFF),
            derived: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
        Vector(
            key: .init(repeating: 0x0B, count: 22), salt: [], info: [],
            derived: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
    ]

    @Test(arguments: vectors)
    func `derived bytes are those of RFC 5869`(vector: Vector) {
        let derived = HKDFSHA256.derive(
            key: vector.key, salt: vector.salt, info: vector.info, count: vector.derived.utf8.count / 2)

        #expect(Hex.encode(derived) == vector.derived)
    }

    @Test(arguments: vectors)
    func `a secret key derives the same bytes`(vector: Vector) {
        let derived = HKDFSHA256.derive(
            key: SecretBytes(vector.key), salt: vector.salt, info: vector.info, count: 32)

        #expect(derived.withUnsafeBytes { Hex.encode($0) } == vector.derived.prefix(64))
    }

    @Test func `the most that may be derived begins with the least`() {
        let long = HKDFSHA256.derive(key: [1], salt: [], info: [], count: 255 * 32)

        #expect(long.count == 8160)
        #expect(HKDFSHA256.derive(key: [1], salt: [], info: [], count: 1) == Array(long.prefix(1)))
        #expect(HKDFSHA256.derive(key: [1], salt: [], info: [], count: 0).isEmpty)
    }
}
