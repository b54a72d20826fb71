import Foundation
import TallyWire
import Testing

@Suite struct JSONDecodingTests {
    func decode<Value: Decodable>(
        _ json: String, as type: Value.Type = Value.self, _ coder: JSONCoder = JSONCoder()
    ) throws -> Value {
        try coder.decode(type, from: Array(json.utf8))
    }

    func failure<Value: Decodable>(_ json: String, as type: Value.Type) -> JSONDecodingError? {
        do {
            _ = try decode(json, as: type)
            return nil
        } catch {
            return error as? JSONDecodingError
        }
    }

    struct Order: Decodable, Equatable {
        var id: String
        var lines: [Line]
        var note: String?
        var tags: [String: Int]?

        struct Line: Decodable, Equatable {
            var article: String
            var count: Int
            var price: Double
        }
    }

    private let order = """
        {"tags":{"a":1,"b":-2},"unknown":[{"deep":[null,true]}],"lines":[{"price":1.5,"count":2,"article":"é\\n"},
        {"article":"","count":0,"price":-0.0}],"id":"o-1","note":null}
        """

    @Test func `members are taken by name in any order, and what nobody asks for is passed over`() throws {
        let expected = Order(
            id: "o-1", lines: [.init(article: "é\n", count: 2, price: 1.5), .init(article: "", count: 0, price: 0)],
            note: nil, tags: ["a": 1, "b": -2])

        #expect(try decode(order) == expected)
        #expect(try decode(order) == JSONDecoder().decode(Order.self, from: Data(order.utf8)))
    }

    // MARK: - Numbers

    private struct Numbers: Codable, Equatable {
        var int8: Int8
        var uint8: UInt8
        var int: Int
        var uint64: UInt64
        var int128: Int128
        var float: Float
        var double: Double
    }

    @Test func `each type of number takes its least and its greatest`() throws {
        let json = """
            {"int8":-128,"uint8":255,"int":-9223372036854775808,"uint64":18446744073709551615,
            "int128":170141183460469231731687303715884105727,"float":3.4028235e38,"double":5e-324}
            """

        #expect(
            try decode(json)
                == Numbers(
                    int8: .min, uint8: .max, int: .min, uint64: .max, int128: .max, float: .greatestFiniteMagnitude,
                    double: .leastNonzeroMagnitude))
    }

    @Test(arguments: ["-129", "128", "1.5", "1e40", "-1e-1"])
    func `a number that does not fit its type is refused, and not told`(number: String) throws {
        let error = try #require(failure("[\(number)]", as: [Int8].self))

        #expect(error.path == "[0]")
        #expect(error.found == "a number that does not fit")
        #expect(!"\(error)".contains(number))
    }

    @Test func `a whole number may be written with a fraction or an exponent`() throws {
        #expect(try decode("[3.0, 1e3, -2.50e1]") == [3, 1000, -25])
        #expect(try decode("[12]", as: [UInt128].self) == [12])
    }

    @Test func `a number beyond its floating point type is refused`() throws {
        #expect(failure("1e999", as: Double.self)?.found == "a number that does not fit")
        #expect(failure("1e39", as: Float.self)?.found == "a number that does not fit")
    }

    // MARK: - What is wrong, and where

    @Test func `an error tells the path, the type and what is there, and no value`() throws {
        let json = #"{"id":"secret","lines":[{"article":"x","count":"seven","price":1}]}"#
        let error = try #require(failure(json, as: Order.self))

        #expect(error.path == "lines[0].count")
        #expect(error.expected == "Int")
        #expect(error.found == "a string")
        #expect(
            "\(error)"
                == #"lines[0].count: expected Int, found a string; {"article":string,"count":string,"price":number}"#)
    }

    @Test func `a missing member is told with the names and kinds around its place`() throws {
        let json = #"{"id":"secret","lines":[{"article":"x","amount":7,"more":[1,{"a":null}]}]}"#
        let error = try #require(failure(json, as: Order.self))

        #expect(
            "\(error)"
                == #"lines[0].count: expected a value, found no such member; "#
                + #"{"article":string,"amount":number,"more":[number,{"a":null}]}"#)
    }

    @Test func `null in place of a value is told as null`() throws {
        #expect(
            failure(#"{"id":null,"lines":[]}"#, as: Order.self)?.description
                == #"id: expected String, found null; {"id":null,"lines":[]}"#)
    }

    @Test func `a single value is told by its kind alone`() throws {
        #expect(failure(#""secret""#, as: Int.self)?.description == "expected Int, found a string")
    }

    @Test func `an object in place of an array, and the other way round`() throws {
        #expect(
            failure(#"{"id":"","lines":{}}"#, as: Order.self)?.description
                == "lines: expected an array, found an object; {}")
        #expect(failure("[]", as: Order.self)?.description == "expected an object, found an array; []")
    }

    private enum Color: String, Decodable { case red }

    @Test func `what a type says of a value that it refuses is not told, since it quotes the value`() throws {
        let error = try #require(failure(#"["red","tübingen-4711"]"#, as: [Color].self))

        #expect("\(error)" == "[1]: expected a value that its type takes, found a string; [string,string]")
    }

    @Test func `the outline of a large value is cut`() throws {
        let members = (0..<1000).map { #""\#(String(repeating: "name", count: 50))\#($0)":\#($0)"# }
        let error = try #require(failure("{\(members.joined(separator: ","))}", as: Order.self))

        #expect("\(error)".utf8.count < 400)
        #expect(error.snippet?.hasSuffix("…}") == true)
    }

    private struct Pair: Decodable {
        init(from decoder: any Decoder) throws {
            var elements = try decoder.unkeyedContainer()
            _ = try elements.decode(Int.self)
            _ = try elements.decode(Int.self)
        }
    }

    @Test func `the end of an array is told as such`() throws {
        #expect(
            failure("[[1,2],[1]]", as: [Pair].self)?.description
                == "[1][1]: expected Int, found the end of the array; [number]")
    }

    private struct Refusal: Error {}

    private struct Refusing: Decodable {
        init(from decoder: any Decoder) throws { throw Refusal() }
    }

    @Test func `an error of the type's own is thrown as it is`() {
        #expect(throws: Refusal.self) { try decode("1", as: Refusing.self) }
    }

    // MARK: - Text that is no JSON

    @Test(arguments: [
        "", " ", "{", "[1", "[1,]", #"{"a":1,}"#, #"{"a"}"#, "01", "1.", "nul", "tru", "\"a", "[1] 2",
        "{\"a\":\"\\x\"}",
    ])
    func `what is not JSON is refused with its place`(json: String) throws {
        let error = try #require(failure(json, as: [String: Int].self))

        #expect(error.expected == "JSON")
        #expect(error.found.contains("offset"))
        #expect(error.snippet == nil)
    }

    @Test func `members that nobody asks for are valid as well, their UTF-8 included`() {
        let broken = Array(#"{"id":"1","lines":[],"skipped":""#.utf8) + [0xC3, 0x28] + Array("\"}".utf8)

        #expect(throws: JSONDecodingError.self) { try JSONCoder().decode(Order.self, from: broken) }
    }

    @Test func `nesting and length are bounded`() throws {
        var coder = JSONCoder()
        coder.maximumDepth = 3
        coder.maximumByteCount = 20

        #expect(try decode("[[[1]]]", as: [[[Int]]].self, coder) == [[[1]]])
        #expect(throws: JSONDecodingError.self) { try decode("[[[[1]]]]", as: [[[[Int]]]].self, coder) }
        #expect(throws: JSONDecodingError.self) { try decode("[1,2,3,4,5,6,7,8,9,10]", as: [Int].self, coder) }
        #expect(failure(String(repeating: "[", count: 100_000), as: [Int].self)?.expected == "JSON")
    }
}
