import Testing

@testable import TallyWire

@Suite struct SHA256Tests {
    // FIPS 180-4 examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `digests are those of the standard`(message: String, digest: String) {
        #expect(Hex.encode(SHA256.hash(message.utf8)) == digest)
    }

    @Test func `a million letters in uneven pieces give the standard's digest`() {
        var digest = SHA256()
        var left = 1_000_000
        var size = 1
        while left > 0 {
            let piece = min(size, left)
            digest.update([UInt8](repeating: UInt8(ascii: "a"), count: piece))
            left -= piece
            size = size * 3 % 4099
        }

        let bytes = digest.finalize()

        #expect(Hex.encode(bytes) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `bytes that are not contiguous are hashed in their order`() {
        let reversed = "cba".utf8.reversed()

        #expect(SHA256.hash(reversed) == SHA256.hash("abc".utf8))
    }

    @Test func `a digest begun while another is under way is its own`() {
        SHA256.Context.withShared { _ in
            #expect(
                Hex.encode(SHA256.hash("abc".utf8))
                    == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        }
    }

    @Test func `threads that hash at once do not disturb each other`() async {
        let expected = (0..<200).map { SHA256.hash(String($0).utf8) }

        let digests = await withTaskGroup(of: (Int, [UInt8]).self) { group in
            for number in 0..<2000 {
                group.addTask { (number % 200, SHA256.hash(String(number % 200).utf8)) }
            }
            return await group.reduce(into: [(Int, [UInt8])]()) { $0.append($1) }
        }

        #expect(digests.allSatisfy { expected[$0.0] == $0.1 })
    }
}
