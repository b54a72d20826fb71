import TallyTestServer
import TallyWire
import Testing

@Suite struct JSONWriterTests {
    @Test func `commas stand between values and nowhere else`() {
        let json = write {
            $0.beginObject()
            $0.key("a")
            $0.beginArray()
            $0.integer(1)
            $0.beginObject()
            $0.endObject()
            $0.beginArray()
            $0.endArray()
            $0.null()
            $0.endArray()
            $0.key("b")
            $0.bool(true)
            $0.key("c")
            $0.bool(false)
            $0.key("d")
            $0.raw(#"{"x":[1,2]}"#.utf8)
            $0.key("e")
            $0.milliseconds(.seconds(1))
            $0.key("f")
            $0.base64([])
            $0.endObject()
        }

        #expect(json == #"{"a":[1,{},[],null],"b":true,"c":false,"d":{"x":[1,2]},"e":1000,"f":""}"#)
    }

    @Test func `only quotes, backslashes and controls are escaped`() {
        let controls = String(String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar($0) }))

        #expect(
            write { $0.string(controls) }
                == #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
                + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f""#)
        #expect(write { $0.string(#"a"b\c/d"#) } == #""a\"b\\c/d""#)
        #expect(write { $0.string("é漢😀\u{7F}\u{2028}\u{2029}") } == "\"é漢😀\u{7F}\u{2028}\u{2029}\"")
        #expect(write { $0.string(utf8: Array("a\n".utf8)) } == #""a\n""#)
    }

    @Test func `any text comes back from the reader`() throws {
        var random = SeededGenerator(seed: 4627)
        for _ in 0..<2000 {
            let text = random.text(upTo: 40)
            let json = Array(write { $0.string(text) }.utf8)

            #expect(try JSONReader.read(json) { r throws(JSONError) in try r.string() } == text)
        }
    }

    @Test func `whole numbers of every width are written in full`() {
        #expect(write { $0.integer(Int.min) } == "-9223372036854775808")
        #expect(write { $0.integer(UInt64.max) } == "18446744073709551615")
        #expect(write { $0.integer(Int128.min) } == "-170141183460469231731687303715884105728")
        #expect(write { $0.integer(UInt8(0)) } == "0")
    }

    @Test(arguments: [
        (0.1, "0.1"), (-0.0, "-0.0"), (0, "0"), (3, "3"), (-12_345_678, "-12345678"), (1e300, "1e+300"),
        (9_007_199_254_740_991, "9007199254740991"), (1e-7, "1e-07"), (12.345, "12.345"),
        (.infinity, "null"), (-.infinity, "null"), (.nan, "null"),
    ])
    func `doubles have their fewest digits, and none when JSON has no form for them`(value: Double, text: String) {
        #expect(write { $0.number(value) } == text)
    }

    @Test func `any finite double comes back from the reader`() throws {
        var random = SeededGenerator(seed: 754)
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let json = Array(write { $0.number(value) }.utf8)

            #expect(try JSONReader.read(json) { r throws(JSONError) in try r.double() } == value)
        }
    }

    @Test func `exact decimals are verbatim`() {
        #expect(write { $0.number(text: "1.500000000000000000000000000001") } == "1.500000000000000000000000000001")
    }

    @Test(arguments: [
        (Duration.zero, "0"), (.nanoseconds(499), "0"), (.nanoseconds(500), "0.001"), (.microseconds(1), "0.001"),
        (.microseconds(10), "0.01"), (.microseconds(12_345), "12.345"), (.microseconds(12_300), "12.3"),
        (.microseconds(12_050), "12.05"), (.milliseconds(7), "7"), (.nanoseconds(1_999_600), "2"),
        (.microseconds(-1_500), "-1.5"), (.nanoseconds(-400), "0"), (.seconds(86_400), "86400000"),
        (.seconds(Int64.max), "9223372036854775807000"),
    ])
    func `milliseconds are rounded to three places`(duration: Duration, text: String) {
        #expect(write { $0.milliseconds(duration) } == text)
    }

    @Test func `a reset writer begins anew`() {
        var json = JSONWriter()
        json.beginArray()
        json.integer(1)

        json.reset()
        json.integer(2)

        #expect(json.bytes == Array("2".utf8))
    }

    @Test func `a copy goes its own way`() {
        var json = JSONWriter()
        json.beginArray()
        var copy = json
        copy.integer(1)
        json.integer(2)

        #expect(String(decoding: copy.bytes, as: UTF8.self) == "[1")
        #expect(String(decoding: json.bytes, as: UTF8.self) == "[2")
    }

    private func write(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        body(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
