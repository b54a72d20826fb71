import Foundation
import TallyWire
import Testing

@Suite struct JSONValueTests {
    private let text = #"{"a":[1,-2.50,{"b":null}],"big":123456789012345678901234567890.1,"s":"x","t":true}"#

    @Test func `any text is a value, whose parts are found by name and number`() throws {
        let value = try JSONValue(json: Array(text.utf8))

        #expect(value["a"]?[0]?.int == 1)
        #expect(value["a"]?[1]?.double == -2.5)
        #expect(value["a"]?[1]?.int == nil)
        #expect(value["a"]?[2]?["b"] == .null)
        #expect(value["a"]?[3] == nil)
        #expect(value["a"]?["b"] == nil)
        #expect(value["s"]?.string == "x")
        #expect(value["s"]?[0] == nil)
        #expect(value["t"]?.bool == true)
        #expect(value["t"]?.string == nil)
        #expect(value["big"] == .number("123456789012345678901234567890.1"))
    }

    private struct Envelope: Codable, Equatable {
        var id: Int
        var detail: JSONValue
    }

    @Test func `it is part of a value, and no digit of its numbers is lost`() throws {
        let json = #"{"id":1,"detail":[123456789012345678901234567890.10,1e400,-0,{"k":[]}]}"#
        let envelope = try JSONCoder().decode(Envelope.self, from: Array(json.utf8))

        #expect(String(decoding: try JSONCoder().encode(envelope), as: UTF8.self) == json)
    }

    @Test func `another coder takes it as well`() throws {
        let value = try JSONValue(json: Array(#"{"a":[1,2.5,"x",null,true,{}]}"#.utf8))

        #expect(try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(value)) == value)
    }

    @Test func `a number whose text is none is refused`() {
        for text in ["", "1,2", "[1]", " 1", "1 ", "0x1p", "nan"] {
            #expect(throws: EncodingError.self, "\(text)") { try JSONCoder().encode(JSONValue.number(text)) }
        }
    }

    @Test func `a text that is no JSON is refused with its place`() {
        let error = #expect(throws: JSONDecodingError.self) { try JSONValue(json: Array("[1,".utf8)) }

        #expect(error?.description == "expected JSON, found what is none at offset 3: expected a value, found the end")
    }
}
