import Foundation
import TallyWire
import Testing

@Suite struct JSONEncodingTests {
    private func text(_ value: some Encodable, _ coder: JSONCoder = JSONCoder()) throws -> String {
        String(decoding: try coder.encode(value), as: UTF8.self)
    }

    private struct Receipt: Encodable {
        var name = "a/\"b\"\u{1}é"
        var missing: Int?
        var ok = true
        var count = -7
        var ratio = 0.1
        var whole = 3.0
        var small: Float = 0.1
        var list: [Int?] = [1, nil]
        var map = ["k": ["v"]]
        var empty: [String] = []
    }

    @Test func `members come in the order in which they are encoded, without white space`() throws {
        #expect(
            try text(Receipt())
                == #"{"name":"a/\"b\"\u0001é","ok":true,"count":-7,"ratio":0.1,"whole":3,"small":0.1,"list":[1,null],"#
                + #""map":{"k":["v"]},"empty":[]}"#)
    }

    @Test func `a value may be at the top`() throws {
        #expect(try text("x") == #""x""#)
        #expect(try text(Int?.none) == "null")
        #expect(try text([1: "a"]) == #"{"1":"a"}"#)
        #expect(try text(UInt128.max) == "340282366920938463463374607431768211455")
        #expect(try text(["a": [Int128.min]]) == #"{"a":[-170141183460469231731687303715884105728]}"#)
        #expect(try text(["a": UInt128.max]) == #"{"a":340282366920938463463374607431768211455}"#)
        #expect(try text(-0.0) == "-0.0")
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a number that is not finite is refused with its path`(number: Double) throws {
        let error = #expect(throws: EncodingError.self) { try text(["a": [1, number]]) }
        guard case .invalidValue(_, let context)? = error else { return }

        #expect(context.codingPath.map(\.stringValue) == ["a", "1"])
    }

    private struct Nothing: Encodable {
        func encode(to encoder: any Encoder) {}
    }

    @Test func `a value that encodes nothing is an empty object, and refused at the top`() throws {
        #expect(try text([Nothing()]) == "[{}]")
        #expect(throws: EncodingError.self) { try text(Nothing()) }
    }

    /// Writes into containers that are nested in one another, in turns.
    private struct Entangled: Encodable {
        enum Key: String, CodingKey { case first, second, third, inner }

        func encode(to encoder: any Encoder) throws {
            var whole = encoder.container(keyedBy: Key.self)
            var first = whole.nestedUnkeyedContainer(forKey: .first)
            try whole.encode(1, forKey: .second)
            var inner = whole.nestedContainer(keyedBy: Key.self, forKey: .inner)
            try first.encode("a")
            var deep = first.nestedContainer(keyedBy: Key.self)
            try inner.encode(true, forKey: .first)
            try deep.encode(2, forKey: .first)
            try first.encode("b")
            try whole.encode(3, forKey: .third)
            try deep.encode(4, forKey: .second)
        }
    }

    @Test func `containers may be written to in turns`() throws {
        #expect(
            try text([Entangled()])
                == #"[{"first":["a",{"first":2,"second":4},"b"],"second":1,"inner":{"first":true},"third":3}]"#)
    }

    /// Goes on after values that cannot be encoded.
    private struct Forgiving: Encodable {
        enum Key: String, CodingKey { case bad, worse, good, list, single }

        struct Worse: Encodable {
            func encode(to encoder: any Encoder) throws {
                var members = encoder.container(keyedBy: Key.self)
                var inner = members.nestedUnkeyedContainer(forKey: .list)
                try inner.encode(1)
                try members.encode(2, forKey: .good)
                try members.encode(Double.nan, forKey: .bad)
            }
        }

        struct Single: Encodable {
            func encode(to encoder: any Encoder) throws {
                var value = encoder.singleValueContainer()
                do { try value.encode(Worse()) } catch { try value.encodeNil() }
            }
        }

        func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: Key.self)
            try? members.encode(Double.nan, forKey: .bad)
            try? members.encode(Worse(), forKey: .worse)
            try members.encode(1, forKey: .good)
            var list = members.nestedUnkeyedContainer(forKey: .list)
            try? list.encode(Double.infinity)
            try? list.encode(Worse())
            #expect(list.count == 0)
            try list.encode("x")
            try members.encode(Single(), forKey: .single)
        }
    }

    @Test func `nothing is left of a value whose encoding fails`() throws {
        #expect(try text(Forgiving()) == #"{"good":1,"list":["x"],"single":null}"#)
    }

    /// Tells an error in the place of a value.
    private struct Replacing<Value: Encodable>: Encodable {
        let value: Value

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            do { try encode(into: &container) } catch { try container.encode("none") }
        }

        // By its type: each has a method of its own.
        private func encode(into container: inout any SingleValueEncodingContainer) throws {
            switch value {
            case let value as Double: try container.encode(value)
            case let value as Float: try container.encode(value)
            default: try container.encode(value)
            }
        }
    }

    @Test func `another value may take the place of one that cannot be encoded`() throws {
        #expect(try text([Replacing(value: Double.nan)]) == #"["none"]"#)
        #expect(try text([Replacing(value: Float.infinity)]) == #"["none"]"#)
        #expect(try text([Replacing(value: [1, Double.nan])]) == #"["none"]"#)
    }

    @Test func `a time format is one of three`() {
        #expect(JSONCoder.TimeFormat(rawValue: "seconds") == .seconds)
        #expect(JSONCoder.TimeFormat(rawValue: "milliseconds") == .milliseconds)
        #expect(JSONCoder.TimeFormat(rawValue: "iso8601") == .iso8601)
        #expect(JSONCoder.TimeFormat(rawValue: "ISO8601") == nil)
    }

    private class Animal: Encodable {
        var name = "Rex"
    }

    private final class Dog: Animal {
        private enum CodingKeys: String, CodingKey { case age }

        override func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: CodingKeys.self)
            try super.encode(to: members.superEncoder())
            try members.encode(3, forKey: .age)
        }
    }

    private final class Cat: Animal {
        private enum CodingKeys: String, CodingKey { case age }

        override func encode(to encoder: any Encoder) throws {
            try super.encode(to: encoder)
            var members = encoder.container(keyedBy: CodingKeys.self)
            try members.encode(3, forKey: .age)
        }
    }

    @Test func `what a class inherits is in the member super, or beside its own`() throws {
        #expect(try text(Dog()) == #"{"super":{"name":"Rex"},"age":3}"#)
        #expect(try text(Cat()) == #"{"name":"Rex","age":3}"#)
    }

    @Test func `times are written as asked for`() throws {
        let time = Timestamp(milliseconds: 1_700_000_000_250)
        var coder = JSONCoder()

        #expect(try text([time], coder) == #"["2023-11-14T22:13:20.250Z"]"#)
        coder.times = .seconds
        #expect(try text([time], coder) == "[1700000000.25]")
        coder.times = .milliseconds
        #expect(try text([time], coder) == "[1700000000250]")
    }
}
