import TallyTestServer
import TallyWire
import Testing

@Suite struct HexTests {
    @Test func `digits are lower case and both cases are read`() {
        #expect(Hex.encode([0x00, 0x0F, 0xAB, 0xFF]) == "000fabff")
        #expect(Hex.decode("000FabFF") == [0x00, 0x0F, 0xAB, 0xFF])
        #expect(Hex.decode("") == [])
    }

    @Test(arguments: ["0", "000", "0g", " 0", "0x", "é"])
    func `anything but pairs of digits is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}

@Suite struct Base64Tests {
    // RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `texts are those of RFC 4648`(bytes: String, text: String) {
        #expect(Base64.encode(bytes.utf8) == text)
        #expect(Base64.decode(text) == Array(bytes.utf8))
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zg==Zg==", "Zm9v\n", "Zm9 ", "Zm-_", "Zh==", "Zm9=", "Zé==", "A=AA",
    ])
    func `a text that is not the canonical one is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    // What the thread sanitizer sees of it: nothing is written that threads share.
    @Test func `nothing is decoded by many at once`() async {
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { (0..<100).allSatisfy { _ in Base64.decode("")?.isEmpty == true } }
            }
            for await isEmpty in group { #expect(isEmpty) }
        }
    }

    @Test func `every byte survives in every place`() {
        var random = SeededGenerator(seed: 4648)
        for count in 0..<300 {
            let bytes = random.bytes(count)

            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}

@Suite struct PercentEncodingTests {
    @Test func `components are encoded as urllib's quote does`() {
        // urllib.parse.quote(text, safe="~") in Python.
        let text = "a b/ü~-_.+%&=*'()é漢😀"
        let encoded = "a%20b%2F%C3%BC~-_.%2B%25%26%3D%2A%27%28%29%C3%A9%E6%BC%A2%F0%9F%98%80"

        #expect(PercentEncoding.encodeComponent(text) == encoded)
        #expect(PercentEncoding.decode(encoded) == text)
    }

    @Test func `paths keep their slashes`() {
        #expect(PercentEncoding.encodePath("docs/a b/ü~.txt") == "docs/a%20b/%C3%BC~.txt")
        #expect(PercentEncoding.encodePath("a//b/") == "a//b/")
    }

    @Test func `decoding takes both cases and leaves a plus sign alone`() {
        #expect(PercentEncoding.decode("%c3%BC+1") == "ü+1")
    }

    @Test(arguments: ["%", "%4", "%4g", "a%zz", "%ff", "%C3"])
    func `broken escapes and broken UTF-8 are refused`(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }
}
