import TallyTestServer
import TallyWire
import Testing

@Suite struct JSONReaderTests {
    @Test func `members are found by name without their order`() throws {
        let bytes = Array(#"{"Count":2,"Items":[{"a":1},{"b":2}],"Last":null}"#.utf8)

        let (count, itemCount, others) = try JSONReader.read(bytes) { reader throws(JSONError) in
            var count = 0
            var itemCount = 0
            var others: [String] = []
            try reader.beginObject()
            while let key = try reader.nextKey() {
                if reader.matches(key, "Items") {
                    try reader.beginArray()
                    while try reader.nextElement() {
                        try reader.skipValue()
                        itemCount += 1
                    }
                } else if reader.matches(key, utf8: "Count".utf8) {
                    count = try reader.integer()
                } else {
                    others.append(reader.text(in: key))
                    try reader.null()
                }
            }
            try reader.finish()
            return (count, itemCount, others)
        }

        #expect(count == 2)
        #expect(itemCount == 2)
        #expect(others == ["Last"])
    }

    @Test func `a skipped value can be sought and read after all`() throws {
        let bytes = Array(#"{"first":[1, {"x":"y"}] ,"second":7}"#.utf8)

        let (text, element, second) = try JSONReader.read(bytes) { reader throws(JSONError) in
            try reader.beginObject()
            _ = try reader.nextKey()
            let first = try reader.skipValue()
            _ = try reader.nextKey()
            let second = try reader.integer()
            let end = reader.offset
            reader.offset = first.lowerBound
            try reader.beginArray()
            _ = try reader.nextElement()
            let element = try reader.integer()
            _ = try reader.nextElement()
            try reader.skipValue()
            let isEnded = try !reader.nextElement()
            reader.offset = end
            let isLast = try reader.nextKey() == nil
            try reader.finish()
            return (String(decoding: bytes[first], as: UTF8.self), element, isEnded && isLast ? second : -1)
        }

        #expect(text == #"[1, {"x":"y"}]"#)
        #expect(element == 1)
        #expect(second == 7)
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain""#, "plain"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u6F22""#, "Aé漢"), (#""\ud83d\uDE00!""#, "😀!"), (#""\u0000""#, "\0"),
        ("\"é漢😀\u{2028}\u{7F}\"", "é漢😀\u{2028}\u{7F}"),
        (#""a long text with one \n escape""#, "a long text with one \n escape"),
    ])
    func `strings are read with their escapes replaced`(json: String, text: String) throws {
        let bytes = Array(json.utf8)

        #expect(try JSONReader.read(bytes) { r throws(JSONError) in try r.string() } == text)
        #expect(try JSONReader.read(bytes) { r throws(JSONError) in try r.stringBytes() } == Array(text.utf8))
    }

    @Test func `a name matches however it is escaped, and nothing else does`() throws {
        let bytes = Array(#"{"ab":0,"\u0061b":1,"a\\b":2,"a\b":3,"abc":4,"":5}"#.utf8)

        let found = try JSONReader.read(bytes) { reader throws(JSONError) in
            var found: [String: [Int]] = [:]
            try reader.beginObject()
            while let key = try reader.nextKey() {
                let value = try reader.integer()
                if reader.matches(key, "ab") { found["ab", default: []].append(value) }
                if reader.matches(key, "a\\b") { found["a\\b", default: []].append(value) }
                if reader.matches(key, "") { found["", default: []].append(value) }
            }
            return found
        }

        #expect(found == ["ab": [0, 1], "a\\b": [2], "": [5]])
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("42", 42), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
    ])
    func `whole numbers are read to the limits of Int`(json: String, value: Int) throws {
        #expect(try JSONReader.read(Array(json.utf8)) { r throws(JSONError) in try r.integer() } == value)
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "123456789012345678901", "1.0", "1e2", "1E-2"])
    func `what is not an Int is refused as out of range`(json: String) {
        let error = #expect(throws: JSONError.self) {
            try JSONReader.read(Array(json.utf8)) { r throws(JSONError) in try r.integer() }
        }

        #expect(error?.code == .numberOutOfRange)
        #expect(error?.offset == 0)
    }

    @Test(arguments: [
        ("0.1", 0.1), ("-1.5e3", -1500), ("1E+2", 100), ("5e-324", .leastNonzeroMagnitude),
        ("1.7976931348623157e308", .greatestFiniteMagnitude),
        ("1e-400", 0), ("12345678901234567890", 12_345_678_901_234_567_168),
    ])
    func `numbers are read as the nearest Double and as their text`(json: String, value: Double) throws {
        let bytes = Array(json.utf8)

        #expect(try JSONReader.read(bytes) { r throws(JSONError) in try r.double() } == value)
        #expect(try JSONReader.read(bytes) { r throws(JSONError) in try r.numberText() } == json)
    }

    @Test(arguments: 0..<200)
    func `a number of any length is the nearest Double`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        func digits(_ count: Int) -> String {
            String((0..<count).map { _ in "0123456789".randomElement(using: &generator) ?? "0" })
        }
        let whole = ["0", "1" + digits(.random(in: 0...17, using: &generator))].randomElement(using: &generator) ?? "0"
        let fraction =
            ["", "." + digits(.random(in: 1...18, using: &generator))].randomElement(using: &generator) ?? ""
        let text = (["", "-"].randomElement(using: &generator) ?? "") + whole + fraction

        let value = try JSONReader.read(Array(text.utf8)) { r throws(JSONError) in try r.double() }

        #expect(value == Double(text))
        #expect(value.sign == Double(text)?.sign)
    }

    @Test func `a number beyond Double is refused`() {
        let error = #expect(throws: JSONError.self) {
            try JSONReader.read(Array("-1e999".utf8)) { r throws(JSONError) in try r.double() }
        }

        #expect(error?.description == "offset 0: number is too large")
    }

    @Test func `base64 is read even where its slashes are escaped`() throws {
        let bytes = Array(#"["\/+8=","/+8=","/+8"]"#.utf8)

        let (first, second, error) = try JSONReader.read(bytes) { reader throws(JSONError) in
            try reader.beginArray()
            _ = try reader.nextElement()
            let first = try reader.base64()
            _ = try reader.nextElement()
            let second = try reader.base64()
            _ = try reader.nextElement()
            do throws(JSONError) {
                _ = try reader.base64()
                return (first, second, "")
            } catch {
                return (first, second, error.description)
            }
        }

        #expect(first == [0xFF, 0xEF])
        #expect(second == [0xFF, 0xEF])
        #expect(error == "offset 17: expected base64")
    }

    @Test(arguments: [
        (#"{"a" }"#, "offset 5: expected ':', found '}'"),
        (#"{"a":1 "b":2}"#, "offset 7: expected ',' or '}', found '\"'"),
        (#"{"a":1,}"#, "offset 7: expected a key, found '}'"),
        (#"[1 2]"#, "offset 3: expected ',' or ']', found '2'"),
        (#"[1,]"#, "offset 3: expected a value, found ']'"),
        (#"["#, "offset 1: expected a value, found the end"),
        (#"{"a":tru}"#, "offset 5: expected true or false, found 't'"),
        (#"1 x"#, "offset 2: expected the end, found 'x'"),
        ("\u{FEFF}1", "offset 0: expected a value, found byte 0xef"),
        (#""abc"#, "offset 4: expected '\"', found the end"),
        (#""\x""#, "offset 1: '\\' begins no escape JSON knows"),
        (#""\ud800x""#, "offset 1: surrogate without its other half"),
        ("01", "offset 0: number has a leading zero"),
        ("-", "offset 1: expected a digit, found the end"),
        ("1.x", "offset 2: expected a digit, found 'x'"),
    ])
    func `errors say where, what was expected and what was seen`(json: String, message: String) {
        let skipped = #expect(throws: JSONError.self) { try JSONWalk.skip(Array(json.utf8)) }
        let copied = #expect(throws: JSONError.self) { try JSONWalk.copy(Array(json.utf8)) }

        #expect(skipped?.description == message)
        #expect(copied?.description == message)
    }

    @Test func `asking for the wrong kind names the kind`() {
        func message(_ read: (inout JSONReader) throws(JSONError) -> Void) -> String? {
            let error = #expect(throws: JSONError.self) { try JSONReader.read(Array("[]".utf8), read) }
            return error?.message
        }

        #expect(message { r throws(JSONError) in _ = try r.string() } == "expected a string, found '['")
        #expect(message { r throws(JSONError) in _ = try r.integer() } == "expected a number, found '['")
        #expect(message { r throws(JSONError) in _ = try r.bool() } == "expected true or false, found '['")
        #expect(message { r throws(JSONError) in try r.null() } == "expected null, found '['")
        #expect(message { r throws(JSONError) in try r.beginObject() } == "expected an object, found '['")
    }
}
