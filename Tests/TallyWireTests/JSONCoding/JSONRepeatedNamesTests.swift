import Foundation
import TallyWire
import Testing

/// Names that a value encodes twice: the last counts.
@Suite struct JSONRepeatedNamesTests {
    private enum Key: String, CodingKey { case a, b, c, list }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }

    private struct Encoding: Encodable {
        let body: (any Encoder) throws -> Void
        func encode(to encoder: any Encoder) throws { try body(encoder) }
    }

    private func text(_ body: @escaping (any Encoder) throws -> Void) throws -> String {
        String(decoding: try JSONCoder().encode([Encoding(body: body)]), as: UTF8.self)
    }

    @Test func `of members with one name the last is there`() throws {
        #expect(
            try text {
                var members = $0.container(keyedBy: Key.self)
                try members.encode(1, forKey: .a)
                try members.encode("x,\"}", forKey: .b)
                try members.encode(["k": [1, 2]], forKey: .a)
                try members.encodeNil(forKey: .c)
                try members.encode(2.5, forKey: .b)
                try members.encode(false, forKey: .b)
            } == #"[{"a":{"k":[1,2]},"c":null,"b":false}]"#)
    }

    @Test func `a name that is text is looked for as one that is a case`() throws {
        #expect(
            try text {
                var members = $0.container(keyedBy: Name.self)
                for round in 0..<3 {
                    for number in 0..<100 { try members.encode(round, forKey: Name(stringValue: "\"\(number)")) }
                }
            } == "[{\((0..<100).map { #""\"\#($0)":2"# }.joined(separator: ","))}]")
    }

    @Test func `names that begin and end alike are different`() throws {
        let names = ["", "k", "kk", "prefix-1-suffix", "prefix-2-suffix", "prefix--suffix", "\"", "\\"]

        #expect(
            try text {
                var members = $0.container(keyedBy: Name.self)
                for name in names { try members.encode(1, forKey: Name(stringValue: name)) }
            }.split(separator: ",").count == names.count)
    }

    private class Animal: Encodable {
        var name = "animal"
        var legs = 4
    }

    private final class Bird: Animal {
        private enum CodingKeys: String, CodingKey { case wings, legs }

        override func encode(to encoder: any Encoder) throws {
            try super.encode(to: encoder)
            var members = encoder.container(keyedBy: CodingKeys.self)
            try members.encode(2, forKey: .wings)
            try members.encode(2, forKey: .legs)
        }
    }

    @Test func `a class may encode again what it inherits`() throws {
        #expect(
            String(decoding: try JSONCoder().encode([Bird()]), as: UTF8.self)
                == #"[{"name":"animal","wings":2,"legs":2}]"#)
    }

    @Test func `dictionaries that are encoded as one object have each name once`() throws {
        #expect(
            try text {
                try ["a": 1].encode(to: $0)
                try ["a": 2].encode(to: $0)
            } == #"[{"a":2}]"#)
        #expect(
            try text {
                try ["a": 1].encode(to: $0)
                try ["a": 2].encode(to: $0)
                var members = $0.container(keyedBy: Key.self)
                try members.encode(3, forKey: .b)
                try members.encode(4, forKey: .a)
            } == #"[{"b":3,"a":4}]"#)
    }

    @Test func `a value that cannot be encoded leaves the one before it`() throws {
        #expect(
            try text {
                var members = $0.container(keyedBy: Key.self)
                try? members.encode(Double.nan, forKey: .b)
                try members.encode(1, forKey: .a)
                try? members.encode(Double.nan, forKey: .a)
                try? members.encode(["x": Double.nan], forKey: .a)
                try members.encode(2, forKey: .b)
            } == #"[{"a":1,"b":2}]"#)
    }

    @Test func `what is left of a value that cannot be encoded is none of the object's names`() throws {
        let failing = Encoding {
            var members = $0.container(keyedBy: Name.self)
            for name in ["x", "y", "z"] { try members.encode(0, forKey: Name(stringValue: name)) }
            try members.encode(Double.nan, forKey: Name(stringValue: "x"))
        }

        #expect(
            try text {
                var members = $0.container(keyedBy: Name.self)
                try members.encode(1, forKey: Name(stringValue: "x"))
                try? members.encode(failing, forKey: Name(stringValue: "y"))
                try members.encode(2, forKey: Name(stringValue: "z"))
                try members.encode(3, forKey: Name(stringValue: "x"))
                try members.encode(4, forKey: Name(stringValue: "y"))
            } == #"[{"z":2,"x":3,"y":4}]"#)
    }

    @Test func `a container of another form replaces the one before it`() throws {
        #expect(
            try text {
                var members = $0.container(keyedBy: Key.self)
                var object = members.nestedContainer(keyedBy: Key.self, forKey: .a)
                try object.encode(1, forKey: .a)
                var list = members.nestedUnkeyedContainer(forKey: .a)
                try list.encode(2)
            } == #"[{"a":[2]}]"#)
    }

    @Test func `a container that is asked for again is the same one`() throws {
        #expect(
            try text {
                var members = $0.container(keyedBy: Key.self)
                var first = members.nestedContainer(keyedBy: Key.self, forKey: .a)
                try first.encode(1, forKey: .a)
                try members.encode("between", forKey: .b)
                var list = members.nestedUnkeyedContainer(forKey: .list)
                var again = members.nestedContainer(keyedBy: Name.self, forKey: .a)
                try again.encode(2, forKey: Name(stringValue: "b"))
                try again.encode(3, forKey: Name(stringValue: "a"))
                try list.encode(1)
                var tail = members.nestedUnkeyedContainer(forKey: .list)
                try tail.encode(2)
                try first.encode(4, forKey: .c)
            } == #"[{"a":{"b":2,"a":3,"c":4},"b":"between","list":[1,2]}]"#)
    }

    @Test func `what replaces a container, or a container replaces, is there without the other`() throws {
        #expect(
            try text {
                var members = $0.container(keyedBy: Key.self)
                var gone = members.nestedContainer(keyedBy: Key.self, forKey: .a)
                var kept = members.nestedContainer(keyedBy: Key.self, forKey: .b)
                try gone.encode(1, forKey: .a)
                try members.encode(2, forKey: .a)
                try gone.encode(3, forKey: .b)
                try kept.encode(4, forKey: .a)
                try members.encode(5, forKey: .c)
                var list = members.nestedUnkeyedContainer(forKey: .c)
                try list.encode(6)
                try list.encode([Encoding { try ["deep": 1].encode(to: $0) }])
                var single = members.superEncoder(forKey: .list).singleValueContainer()
                try single.encode("gone")
                var last = members.superEncoder(forKey: .list).unkeyedContainer()
                try last.encode(7)
            } == #"[{"b":{"a":4},"a":2,"c":[6,[{"deep":1}]],"list":[7]}]"#)
    }
}
