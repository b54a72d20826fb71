import TallyTestServer
import TallyWire
import Testing

/// What RFC 8259 lets pass and what it does not, in the manner of <https://github.com/nst/JSONTestSuite>.
@Suite struct JSONConformanceTests {
    static let accepted = [
        "[]", "{}", " [ ] ", "\t{\n}\r", "[[]]", "[{},[]]", #"{"a":{}}"#, #"{"":0}"#, #"{"a":1,"a":2}"#, "null", "true",
        "false", "[null,true,false]", "0", "-0", "-1", "123", "1.5", "0.5", "-0.0", "1e1", "1E1", "1e+1", "1e-01",
        "20e1", "1.5E+99", #""""#, #""a""#, #"["\u0060\u012a\u12AB"]"#, #"["\uD801\udc37"]"#, #"["\uDBFF\uDFFF"]"#,
        #"["\"\\\/\b\f\n\r\t"]"#, #"["\\u0000"]"#, #"["\u0000"]"#, "[\"\u{7F}\"]", "[\"\u{2028}\u{2029}\"]",
        "[\"\u{10FFFF}\"]", "[\"\u{FFFF}\"]", "[\"€𝄞\"]", "[1,2 , 3\n]",
        #"{"a":[1,{"b":[[],{}]}],"c":"d"}"#, "[ \"a\" , 1 , { \"b\" : [ true ] } ]",
    ]

    static let refused = [
        "", " ", "[", "]", "{", "}", "[1", "[1,", "[,1]", "[1,,2]", "[1,]", "[1 2]", "[1:2]", "[\"a\":1]", "[]]", "[}",
        "{]", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1,,"b":2}"#, #"{"a" 1}"#, #"{"a"::1}"#, #"{a:1}"#,
        "{1:1}", "{'a':1}", #"{"a":1 "b":2}"#, #"{"a":1]"#, #"["a"}"#, "[] []", "{} x", "1 2", "[1]//c", "/**/1",
        "[1]#",
        "nul", "nulL", "True", "tru", "truth", "falsy", "NaN", "Infinity", "-Infinity", "nan", "[+1]", "[.5]", "[5.]",
        "[-]", "[--1]", "[01]", "[-01]", "[00]", "[1e]", "[1e+]", "[1.e1]", "[1.5.5]", "[0x1]", "[1_000]", "[1 000]",
        "[1e1.5]", "[１]", "\"", "\"a", "'a'", #""\"#, #""\""#, #""\a""#, #""\x41""#, #""\u""#, #""\u12""#, #""\u12G4""#,
        #""\U0041""#, #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800\n""#, #""\ud800\u0041""#, #""\ud800a""#,
        #""\udc00\ud800""#, #""\ud80""#, "\"\u{0}\"", "\"\u{1F}\"", "\"a\nb\"", "\"a\tb\"", "\u{FEFF}[]", "\u{A0}[]",
        "\u{C}[]", "[\u{B}]", #"{"\ud800":1}"#, "{\"a\nb\":1}", "[1]\0",
    ]

    /// Ill-formed UTF-8 inside an otherwise sound string (Unicode 16, section 3.9).
    static let illFormed: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF0, 0x28, 0x8C, 0xBC],
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ]

    @Test(arguments: accepted)
    func `sound texts are accepted`(json: String) throws {
        let bytes = Array(json.utf8)

        _ = try JSONWalk.skip(bytes)
        let copy = try JSONWalk.copy(bytes)

        #expect(try JSONWalk.copy(copy) == copy)
    }

    @Test(arguments: refused)
    func `unsound texts are refused by reading and by skipping alike`(json: String) {
        #expect(throws: JSONError.self) { try JSONWalk.skip(Array(json.utf8)) }
        #expect(throws: JSONError.self) { try JSONWalk.copy(Array(json.utf8)) }
    }

    @Test(arguments: illFormed)
    func `ill-formed UTF-8 is refused wherever it stands`(sequence: [UInt8]) {
        for padding in 0..<20 {
            let before = [UInt8](repeating: UInt8(ascii: "a"), count: padding)
            let string = [UInt8(ascii: "\"")] + before + sequence + before + [UInt8(ascii: "\"")]
            let error = #expect(throws: JSONError.self) { try JSONWalk.skip(string) }

            #expect(error?.code == .invalidString)
            #expect(error?.offset == padding + 1)
        }
    }

    @Test func `every special byte is noticed at every distance from the beginning`() throws {
        for padding in 0..<40 {
            let plain = String(repeating: "x", count: padding)
            for control in UInt8(0)..<0x20 {
                let text = Array("\"\(plain)".utf8) + [control] + Array("12345678\"".utf8)
                #expect(throws: JSONError.self) { try JSONWalk.skip(text) }
            }
            #expect(try JSONWalk.skip(Array("\"\(plain)\\n\(plain)\"".utf8)).count == 2 * padding + 4)
            #expect(throws: JSONError.self) { try JSONWalk.skip(Array("\"\(plain)\"\(plain)\"".utf8)) }
        }
    }

    @Test func `nesting is bounded where the limit says`() throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> [UInt8] {
            Array((String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)).utf8)
        }

        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            let deepest = nested(JSONReader.depthLimit, open, close)
            let tooDeep = nested(JSONReader.depthLimit + 1, open, close)
            _ = try JSONWalk.skip(deepest)
            _ = try JSONWalk.copy(deepest)
            let skipped = #expect(throws: JSONError.self) { try JSONWalk.skip(tooDeep) }
            let copied = #expect(throws: JSONError.self) { try JSONWalk.copy(tooDeep) }

            #expect(skipped?.code == .tooDeep)
            #expect(copied == skipped)
        }
        let endless = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONError.self) { try JSONWalk.skip(endless) }
    }

    @Test func `a lower limit counts the containers already entered`() {
        let bytes = Array("[[[]]]".utf8)
        let error = bytes.withUnsafeBytes { bytes in
            #expect(throws: JSONError.self) {
                var reader = JSONReader(bytes, maximumDepth: 2)
                try reader.beginArray()
                _ = try reader.nextElement()
                try reader.skipValue()
            }
        }

        #expect(error?.description == "offset 2: containers nest more than 2 levels deep")
    }

    @Test func `no bytes whatever crash the reader, and both ways of reading agree`() {
        var random = SeededGenerator(seed: 8259)
        let seeds = Self.accepted.map { Array($0.utf8) }
        let alphabet = Array(#"{}[]",:\/u0123dDeE+-.tfn "#.utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xED, 0xF4]

        for _ in 0..<30_000 {
            var bytes = (seeds.randomElement(using: &random) ?? []) + (seeds.randomElement(using: &random) ?? [])
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = alphabet.randomElement(using: &random) ?? 0
                case 1: bytes.remove(at: index)
                default: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
                }
            }

            let skipped = Result { try JSONWalk.skip(bytes) }
            let copied = Result { try JSONWalk.copy(bytes) }
            switch (skipped, copied) {
            case (.success, .success), (.failure, .failure): break
            default: Issue.record("\(String(decoding: bytes, as: UTF8.self)): \(skipped) but \(copied)")
            }
        }
    }
}
