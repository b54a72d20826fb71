import Tally
import Testing

@testable import TallyModel

@Suite struct EnvelopeTests {
    // Made by scripts/support/envelope.py with Python's cryptography: data key 00…1f, salt 64…83.
    private static let vector =
        "010019777261707065642d6b65792d6f662d7468652d766563746f726465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80"
        + "818283767f5f42b2c8f997530b4f560d398253d71b89ec5b59a8839ec02ce6901d5dc2144169f3dd03e80964d9e9bc978c4ec96fbde76e"
        + "b6b5e56da0f6cdf6edc8b15a312cf0"
    private let dataKey = SecretBytes((0..<32).map { UInt8($0) })
    private let place = place("documents", .string("DOC#1"), .string("v1"))

    private static func place(_ table: String, _ key: AttributeValue..., attribute: String = "ssn") -> [UInt8] {
        var place = ItemPlace(table: table)
        for value in key { #expect(throws: Never.self) { try place.append(key: value) } }
        return place.bytes(of: attribute)
    }

    private func vector() throws -> [UInt8] {
        try #require(Hex.decode(Self.vector))
    }

    @Test func `an envelope that another implementation made opens`() throws {
        let envelope = try Envelope(try vector())

        #expect(envelope.wrappedKey == Array("wrapped-key-of-the-vector".utf8))
        #expect(try envelope.open(dataKey: dataKey, place: place) == Array(#"{"S":"078-05-1120"}"#.utf8))
    }

    @Test func `what was sealed opens, and no two seals are alike`() throws {
        let plaintext = Array("text".utf8)
        let first = Envelope.seal(plaintext, dataKey: dataKey, wrappedKey: [1, 2], place: place)
        let second = Envelope.seal(plaintext, dataKey: dataKey, wrappedKey: [1, 2], place: place)

        #expect(first != second)
        #expect(try Envelope(first).open(dataKey: dataKey, place: place) == plaintext)
    }

    @Test func `a change of any byte is noticed`() throws {
        let original = try vector()
        for index in original.indices {
            var changed = original
            changed[index] ^= 1
            // The wrapped key's own bytes are KMS's to check; here they must at least name another key.
            if (3..<28).contains(index) {
                #expect(try Envelope(changed).wrappedKey != Envelope(original).wrappedKey)
                continue
            }
            #expect(throws: AttributeError.self, "byte \(index)") {
                try Envelope(changed).open(dataKey: dataKey, place: place)
            }
        }
    }

    @Test func `a truncated envelope is noticed at every length`() throws {
        let original = try vector()
        for count in 0..<original.count {
            #expect(throws: AttributeError.self, "\(count) bytes") {
                try Envelope(Array(original[..<count])).open(dataKey: dataKey, place: place)
            }
        }
    }

    @Test func `a value opens in its own place only`() throws {
        let envelope = try Envelope(try vector())
        let others = [
            Self.place("other", .string("DOC#1"), .string("v1")),
            Self.place("documents", .string("DOC#2"), .string("v1")),
            Self.place("documents", .string("DOC#1"), .string("v2")),
            Self.place("documents", .string("DOC#1"), .binary(Array("v1".utf8))),
            Self.place("documents", .string("DOC#1")),
            Self.place("documents", .string("DOC#1"), .string("v1"), attribute: "notes"),
        ]
        for other in others {
            #expect(throws: AttributeError.self) { try envelope.open(dataKey: dataKey, place: other) }
        }
    }

    @Test func `another data key is noticed before anything is decrypted`() throws {
        let envelope = try Envelope(try vector())

        #expect(throws: AttributeError.self) {
            try envelope.open(dataKey: SecretBytes([UInt8](repeating: 7, count: 32)), place: place)
        }
    }

    @Test func `numbers that are equal are one place`() throws {
        let one = Self.place("t", .number(try #require(Number("1.50"))))
        let other = Self.place("t", .number(try #require(Number("15E-1"))))

        #expect(one == other)
    }
}
