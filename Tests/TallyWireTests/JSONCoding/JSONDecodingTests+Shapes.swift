import Foundation
import Synchronization
import TallyWire
import Testing

/// The shapes that Codable has, names, and paths.
extension JSONDecodingTests {
    @Test func `of members that occur twice the last counts, however many there are`() throws {
        #expect(try decode(#"{"a":1,"b":2,"a":3}"#) == ["a": 3, "b": 2])
        let many = (0..<100).map { #""k\#($0)":\#($0)"# } + [#""k7":-1"#]
        let numbers: [String: Int] = try decode("{\(many.joined(separator: ","))}")

        #expect(numbers.count == 100)
        #expect(numbers["k7"] == -1)
        #expect(numbers["k99"] == 99)
    }

    private class Animal: Codable {
        var name: String
    }

    private final class Dog: Animal {
        var age: Int
        private enum CodingKeys: String, CodingKey { case age }

        required init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            age = try members.decode(Int.self, forKey: .age)
            try super.init(from: members.superDecoder())
        }
    }

    @Test func `what a class inherits is in the member super`() throws {
        let dog: Dog = try decode(#"{"super":{"name":"Rex"},"age":3}"#)

        #expect(dog.name == "Rex")
        #expect(dog.age == 3)
    }

    @Test func `what a class inherits and needs is told as missing where it is`() throws {
        #expect(
            failure(#"{"age":3}"#, as: Dog.self)?.description
                == #"super: expected an object, found no such member; {"age":number}"#)
    }

    @Test func `a container tells how many elements it has, whatever is in them`() throws {
        struct Counting: Decodable, Equatable {
            var counts: [Int?] = []

            init(from decoder: any Decoder) throws {
                var elements = try decoder.unkeyedContainer()
                counts.append(elements.count)
                while !elements.isAtEnd { counts.append(try elements.nestedUnkeyedContainer().count) }
                counts.append(elements.count)
            }
        }

        #expect(try decode(#"[[],[1,[2,3],{"a":[4]}],[null]]"#, as: Counting.self).counts == [3, 0, 3, 1, 3])
    }

    private enum Shape: Codable, Equatable {
        case circle(radius: Double)
        case point
        case line(Int, Int)
    }

    @Test func `an enumeration with values is an object of its case`() throws {
        let json = #"[{"circle":{"radius":1.5}},{"point":{}},{"line":{"_0":1,"_1":2}}]"#

        #expect(try decode(json) == [Shape.circle(radius: 1.5), .point, .line(1, 2)])
    }

    @Test func `what is no value of one type may be tried as another`() throws {
        #expect(try decode(#"[1,"a"]"#) == [Flexible.number(1), .text("a")])
    }

    private struct Telling: Decodable {
        init(from decoder: any Decoder) throws {
            var elements = try decoder.unkeyedContainer()
            var inner = try elements.nestedUnkeyedContainer()
            #expect(inner.codingPath.map(\.intValue) == [0])
            do {
                _ = try inner.decode(Int.self)
            } catch DecodingError.typeMismatch(_, let context) {
                #expect(context.codingPath.map(\.intValue) == [0, 0])
                throw DecodingError.dataCorruptedError(in: inner, debugDescription: "secret")
            }
        }
    }

    private indirect enum Nested: Decodable {
        case map([String: Nested])
        case number

        /// How many values of this type have been decoded.
        static let count = Mutex(0)

        init(from decoder: any Decoder) throws {
            Self.count.withLock { $0 += 1 }
            if let map = try? [String: Nested](from: decoder) { self = .map(map) } else { self = .number }
        }
    }

    @Test func `what members that occur twice hold is decoded once`() throws {
        var json = "1"
        for _ in 0..<10 { json = #"{"a":0,"a":\#(json)}"# }

        _ = try decode(json, as: Nested.self)

        #expect(Nested.count.withLock(\.self) == 11)
    }

    private struct Names: Decodable {
        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { return nil }
        }

        let names: [String]

        init(from decoder: any Decoder) throws {
            names = try decoder.container(keyedBy: Key.self).allKeys.map(\.stringValue)
        }
    }

    @Test func `names that differ in their bytes only are both told`() throws {
        let names = try decode("{\"\u{E9}\":1,\"e\u{301}\":2,\"\\u00e9\":3}", as: Names.self).names

        #expect(names.map { Array($0.utf8) } == [Array("\u{E9}".utf8), Array("e\u{301}".utf8)])
    }

    @Test func `names are compared byte by byte, however many there are`() throws {
        let others = (0..<40).map { #""k\#($0)":0"# }.joined(separator: ",")
        let composed = "{\"\u{E9}\":1,\(others)}"
        struct Decomposed: Decodable {
            var value: Int?
            enum CodingKeys: String, CodingKey { case value = "e\u{301}" }
        }

        #expect(try decode(composed, as: Decomposed.self).value == nil)
        #expect(try decode("{\"e\u{301}\":1,\(others)}", as: Decomposed.self).value == 1)
        #expect(try decode("{\"e\\u0301\":1}", as: Decomposed.self).value == 1)
    }

    @Test func `a long name is cut in the path, and in what is there`() throws {
        let name = String(repeating: "name", count: 20)
        let error = try #require(failure(#"{"\#(name)":{"\#(name)":"x"}}"#, as: [String: [String: Int]].self))
        let cut = String(repeating: "name", count: 10) + "…"

        #expect(error.path == "\(cut).\(cut)")
        #expect(failure(#"{"\#(name)":1}"#, as: Order.self)?.snippet == #"{"\#(cut)":number}"#)
    }

    @Test func `a name is cut by bytes, of which one character may have any number`() throws {
        let name = "a" + String(repeating: "\u{301}", count: 100_000)

        #expect("\(try #require(failure("{\"\(name)\":1}", as: Order.self)))".utf8.count < 150)
    }

    @Test func `a long path is cut`() throws {
        let names = (0..<20).map { "name\($0)" + String(repeating: "x", count: 20) }
        let json = names.reversed().reduce("1") { #"{"\#($1)":\#($0)}"# }
        let error = try #require(failure(json, as: Chain.self))

        #expect(error.path.utf8.count == 200 + "…".utf8.count)
        #expect(error.path.hasPrefix(names[0] + "." + names[1]))
    }

    private struct Chain: Decodable {
        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Names.Key.self)
            for name in members.allKeys { _ = try members.decode(Chain.self, forKey: name) }
        }
    }

    private struct Foreign: Decodable {
        init(from decoder: any Decoder) throws {
            _ = try JSONDecoder().decode([String: Int].self, from: Data(#"{"-1":"bad"}"#.utf8))
        }
    }

    @Test func `an error of another text has a path all the same`() throws {
        #expect(failure("[1]", as: Foreign.self)?.path == "[-1]")
    }

    private struct Numbered: Decodable {
        var id: Int
        enum CodingKeys: Int, CodingKey { case id = 1 }
    }

    @Test func `a missing member is told by its name, though its key has a number`() {
        #expect(failure("{}", as: Numbered.self)?.path == "id")
    }

    @Test func `a type of its own may look at paths and errors`() throws {
        #expect(
            failure(#"[["x"]]"#, as: Telling.self)?.description
                == "[0][0]: expected a value that its type takes, found a string; [string]")
    }

    @Test func `elements that are null are nil`() throws {
        #expect(try decode("[1,null,3]") == [1, nil, 3])
        #expect(try decode("null", as: Int?.self) == nil)
        #expect(try decode(#"{"a":null}"#) == ["a": Int?.none])
    }

    @Test func `keys with escapes are found`() throws {
        #expect(try decode(#"{"\u0069d":"x","lines":[]}"#) == Order(id: "x", lines: []))
    }
}
