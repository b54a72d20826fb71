import Testing

@testable import Tally
@testable import TallyModel

@Suite struct AttributeConvertibleTests {
    /// Writes and reads a value both ways: through ``AttributeValue`` and straight as text.
    private func roundTrip<Value: AttributeConvertible & Equatable>(_ value: Value, _ json: String) throws {
        var writer = AttributeWriter()
        value.write(to: &writer)
        let text = writer.json.bytes
        #expect(String(decoding: text, as: UTF8.self) == json)

        let read = try AttributeReader.read(text) { (reader) throws(AttributeError) in try Value(from: &reader) }
        #expect(read == value)
        #expect(try Value(attributeValue: value.attributeValue) == value)

        var slow = JSONWriter()
        value.attributeValue?.write(to: &slow)
        #expect(String(decoding: slow.bytes, as: UTF8.self) == json)
    }

    @Test func `values are stored in the type that DynamoDB has for them`() throws {
        try roundTrip("naïve \"quoted\"\n", #"{"S":"naïve \"quoted\"\n"}"#)
        try roundTrip(-42, #"{"N":"-42"}"#)
        try roundTrip(Int64.min, #"{"N":"-9223372036854775808"}"#)
        try roundTrip(true, #"{"BOOL":true}"#)
        try roundTrip([1, 2, 255] as [UInt8], #"{"B":"AQL/"}"#)
        try roundTrip(["b", "a"] as Set<String>, #"{"SS":["a","b"]}"#)
        try roundTrip(["k": 1, "a": 2], #"{"M":{"a":{"N":"2"},"k":{"N":"1"}}}"#)
        try roundTrip(EpochSeconds(1_700_000_000), #"{"N":"1700000000"}"#)
        try roundTrip(["b", "a"], #"{"L":[{"S":"b"},{"S":"a"}]}"#)
        try roundTrip([[1, 2], []], #"{"L":[{"L":[{"N":"1"},{"N":"2"}]},{"L":[]}]}"#)
        try roundTrip(["x", nil] as [String?], #"{"L":[{"S":"x"},{"NULL":true}]}"#)
        try roundTrip(["k": [[7]] as [[UInt8]]], #"{"M":{"k":{"L":[{"B":"Bw=="}]}}}"#)
        try roundTrip(Optional("x"), #"{"S":"x"}"#)
        try roundTrip(try #require(Number("1.10")), #"{"N":"1.10"}"#)
        try roundTrip(AttributeValue.list([.null, .bool(false)]), #"{"L":[{"NULL":true},{"BOOL":false}]}"#)
    }

    @Test func `an integer that another writer stored as 1E+2 or 3.0 reads as one`() throws {
        #expect(try Int(attributeValue: .number(try #require(Number("1E+2")))) == 100)
        #expect(try Int(attributeValue: .number(try #require(Number("3.0")))) == 3)
        #expect(throws: AttributeError.self) { try Int(attributeValue: .number(try #require(Number("3.5")))) }
    }

    @Test func `NULL and absence read as nil, and as nothing else`() throws {
        #expect(try String?(attributeValue: .null) == nil)
        #expect(try String?(attributeValue: nil) == nil)
        #expect(throws: AttributeError.self) { try String(attributeValue: .null) }
        #expect(throws: AttributeError.self) { try String(attributeValue: nil) }
    }

    @Test func `the empty set is an absent attribute both ways`() throws {
        var writer = AttributeWriter()
        Set<String>().write(to: &writer)

        #expect(writer.json.bytes.isEmpty)
        #expect(try Set<String>(attributeValue: nil).isEmpty)
    }

    @Test func `a list may have any number of elements`() throws {
        let texts = (0..<1_000).map(String.init)

        let value = try #require(texts.attributeValue)

        #expect(try [String](attributeValue: value) == texts)
    }

    @Test func `an empty set among the elements of a list keeps its place`() throws {
        try roundTrip([["a"], [], ["b"]] as [Set<String>], #"{"L":[{"SS":["a"]},{"NULL":true},{"SS":["b"]}]}"#)
    }

    @Test func `a number that is not finite is not stored`() {
        #expect(Double.nan.attributeValue == nil)
        #expect(Double.infinity.attributeValue == nil)
    }
}
