import TallyWire
import Testing

@Suite struct SecretBytesTests {
    @Test func `nothing that prints or dumps shows the bytes`() {
        let secret = SecretBytes(Array("hunter2".utf8))
        var dumped = ""
        dump(["key": secret], to: &dumped)

        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(text.contains("<7 secret bytes>"))
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("104"))
            #expect(!text.contains("0x"))
        }
    }

    @Test func `moving empties the source and keeps the bytes`() {
        var source: [UInt8] = [1, 2, 3]

        let secret = SecretBytes(moving: &source)

        #expect(source.isEmpty)
        #expect(secret.withUnsafeBytes { Array($0) } == [1, 2, 3])
        #expect(secret.count == 3)
    }

    @Test func `an empty secret lends no bytes`() {
        #expect(SecretBytes([]).withUnsafeBytes { $0.isEmpty })
    }
}

@Suite struct ConstantTimeTests {
    @Test func `only the same bytes are equal`() {
        #expect(ConstantTime.equal([], []))
        #expect(ConstantTime.equal([1, 2], [1, 2]))
        #expect(!ConstantTime.equal([1, 2], [1, 3]))
        #expect(!ConstantTime.equal([1, 2], [1, 2, 0]))
        #expect(ConstantTime.equal("token".utf8, Array("token".utf8)))
    }
}

@Suite struct RandomBytesTests {
    @Test func `as many bytes come as were asked for, and never the same`() {
        #expect(RandomBytes.generate(0).isEmpty)
        #expect(RandomBytes.generate(33).count == 33)
        #expect(Set((0..<100).map { _ in RandomBytes.generate(16) }).count == 100)
    }
}
