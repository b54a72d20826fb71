import TallyTestServer
import TallyWire
import Testing

@Suite struct AttributeValueTests {
    static let forms: [(AttributeValue, String)] = [
        (.string("a\"b"), #"{"S":"a\"b"}"#),
        (.string(""), #"{"S":""}"#),
        (.number(12), #"{"N":"12"}"#),
        (.binary([0xFF, 0xEF]), #"{"B":"/+8="}"#),
        (.bool(false), #"{"BOOL":false}"#),
        (.null, #"{"NULL":true}"#),
        (.list([.number(1), .list([]), .null]), #"{"L":[{"N":"1"},{"L":[]},{"NULL":true}]}"#),
        (.map(["b": .string("x"), "a": .map([:])]), #"{"M":{"a":{"M":{}},"b":{"S":"x"}}}"#),
        (.stringSet(["b", "a", "é"]), #"{"SS":["a","b","é"]}"#),
        (.numberSet([3, 1, 2]), #"{"NS":["1","2","3"]}"#),
        (.binarySet([[2], [1], []]), #"{"BS":["","AQ==","Ag=="]}"#),
    ]

    @Test(arguments: forms)
    func `each type has its form on the wire, in both directions`(value: AttributeValue, json: String) throws {
        #expect(text(value) == json)
        #expect(try read(json) == value)
        #expect(json.hasPrefix("{\"\(value.typeTag)\":"))
    }

    @Test func `numbers keep every digit`() throws {
        let json = #"{"N":"1.2000000000000000000000000000000000"}"#

        #expect(text(try read(json)) == json)
    }

    @Test(arguments: [
        ("{}", #"offset 1: expected a type tag such as "S", found an empty object"#),
        (#"{"X":"1"}"#, #"offset 2: unknown type tag "X""#),
        (#"{"S":"a","N":"1"}"#, "offset 10: expected one type tag, found several"),
        (#"{"S":1}"#, "offset 5: expected a string, found '1'"),
        (#"{"N":1}"#, "offset 5: expected a string, found '1'"),
        (#"{"N":"one"}"#, "offset 6: expected a decimal of at most 38 digits"),
        (#"{"B":"?"}"#, "offset 6: expected base64"),
        (#"{"NULL":false}"#, "offset 2: NULL must be true"),
        (#"{"SS":[]}"#, "offset 6: a set must not be empty"),
        (#"{"SS":["a","a"]}"#, "offset 6: a set holds a value twice"),
        (#"{"NS":["1","1.0"]}"#, "offset 6: a set holds a value twice"),
        (#"{"BOOL":"true"}"#, "offset 8: expected true or false, found '\"'"),
        (#"{"M":{"a":{"S":"1"},"a":{"S":"2"}}}"#, #"offset 21: attribute "a" is named twice"#),
        (#"{"L":[{"S":"1"}"#, "offset 15: expected ',' or ']', found the end"),
        (#""S""#, "offset 0: expected an object, found '\"'"),
    ])
    func `what is no attribute value is refused and said`(json: String, message: String) {
        let error = #expect(throws: JSONError.self) { try read(json) }

        #expect(error?.description == message)
    }

    @Test func `lists and maps nest as deeply as DynamoDB lets them, even inside a response`() throws {
        func nested(_ depth: Int) -> AttributeValue {
            (0..<depth).reduce(.string("x")) { value, level in
                level.isMultiple(of: 2) ? .list([value]) : .map(["a": value])
            }
        }
        let deepest = nested(AttributeValue.maximumDepth)
        let response = Array(#"{"Responses":{"table":[{"a":\#(text(deepest))}]}}"#.utf8)

        #expect(try read(text(deepest)) == deepest)
        _ = try JSONWalk.skip(response)
        _ = try JSONWalk.copy(response)
        let error = #expect(throws: JSONError.self) { try read(text(nested(33))) }
        #expect(error?.message == "lists and maps nest more than 32 levels deep")
    }

    @Test func `an item is written in the order of its names and read back`() throws {
        let item: Item = ["sk": .string("v1"), "pk": .string("DOC#1"), "a\"b": .number(1)]
        var json = JSONWriter()
        item.write(to: &json)

        let copy = try JSONReader.read(json.bytes) { reader throws(JSONError) in
            let item = try Item(from: &reader)
            try reader.finish()
            return item
        }

        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"a\"b":{"N":"1"},"pk":{"S":"DOC#1"},"sk":{"S":"v1"}}"#)
        #expect(copy == item)
    }

    @Test func `any value survives the wire and is written the same again`() throws {
        var random = SeededGenerator(seed: 400)
        for _ in 0..<500 {
            let value = AttributeValue.random(depth: 4, using: &random)
            let json = text(value)

            let copy = try read(json)

            #expect(copy == value)
            #expect(text(copy) == json)
        }
    }

    private func text(_ value: AttributeValue) -> String {
        var json = JSONWriter()
        value.write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func read(_ json: String) throws(JSONError) -> AttributeValue {
        try JSONReader.read(Array(json.utf8)) { (reader) throws(JSONError) in
            let value = try AttributeValue(from: &reader)
            try reader.finish()
            return value
        }
    }
}

extension AttributeValue {
    fileprivate static func random(depth: Int, using random: inout SeededGenerator) -> AttributeValue {
        func number() -> Number {
            let exponent = Int.random(in: -100...100, using: &random)
            return Number("\(Int.random(in: -1_000_000...1_000_000, using: &random)).250e\(exponent)") ?? 0
        }
        func some<Element>(from minimum: Int, _ element: () -> Element) -> [Element] {
            (0..<Int.random(in: minimum...4, using: &random)).map { _ in element() }
        }
        switch Int.random(in: 0..<(depth > 0 ? 10 : 8), using: &random) {
        case 0: return .string(random.text(upTo: 30))
        case 1: return .number(number())
        case 2: return .binary(random.bytes(.random(in: 0...40, using: &random)))
        case 3: return .bool(.random(using: &random))
        case 4: return .null
        case 5: return .stringSet(Set(some(from: 1) { random.text(upTo: 10) }))
        case 6: return .numberSet(Set(some(from: 1) { number() }))
        case 7: return .binarySet(Set(some(from: 1) { random.bytes(5) }))
        case 8: return .list(some(from: 0) { .random(depth: depth - 1, using: &random) })
        default:
            let members = some(from: 0) {
                (random.text(upTo: 8), AttributeValue.random(depth: depth - 1, using: &random))
            }
            return .map(Dictionary(members) { $1 })
        }
    }
}
