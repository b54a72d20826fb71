import Foundation
import TallyTestServer
import TallyWire
import Testing

/// Random values, written by one coder and read by the other: ours and Foundation's.
@Suite struct JSONCoderPeerTests {
    private struct Sample: Codable, Equatable {
        var id: String
        var numbers: [Int]
        var real: Double?
        var single: Float
        var big: UInt64
        var flags: [String: Bool]
        var children: [Sample]
        var kind: Kind

        enum Kind: Codable, Equatable {
            case none
            case named(String, weight: Double)
            indirect case nested([Kind])
        }

        init(depth: Int, _ generator: inout SeededGenerator) {
            id = generator.text(upTo: 12)
            numbers = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                .random(in: .min ... .max, using: &generator)
            }
            real = Bool.random(using: &generator) ? nil : Double(bitPattern: generator.next()).finite
            single = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())).finite
            big = generator.next()
            let names = (0..<Int.random(in: 0...60, using: &generator)).map { "\(generator.text(upTo: 12))\($0)" }
            flags = Dictionary(uniqueKeysWithValues: names.map { ($0, Bool.random(using: &generator)) })
            kind =
                Bool.random(using: &generator)
                ? .none : .nested([.named(generator.text(upTo: 12), weight: 0.1), .nested([]), .none])
            children = []
            guard depth > 0 else { return }
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                children.append(Sample(depth: depth - 1, &generator))
            }
        }
    }

    @Test(arguments: 0..<40)
    func `what one writes the other reads`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sample = Sample(depth: 3, &generator)
        let ours = try JSONCoder().encode(sample)
        let theirs = [UInt8](try JSONEncoder().encode(sample))

        #expect(try JSONDecoder().decode(Sample.self, from: Data(ours)) == sample)
        #expect(try JSONCoder().decode(Sample.self, from: theirs) == sample)
        #expect(try JSONCoder().decode(Sample.self, from: ours) == sample)
    }

    @Test(arguments: 0..<20)
    func `a text with a byte changed is read as Foundation reads it, or refused`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text = try JSONCoder().encode(Sample(depth: 1, &generator))
        for _ in 0..<50 {
            var broken = text
            broken[Int.random(in: broken.indices, using: &generator)] = UInt8.random(
                in: .min ... .max, using: &generator)
            let ours = try? JSONCoder().decode(Sample.self, from: broken)
            let theirs = try? JSONDecoder().decode(Sample.self, from: Data(broken))

            // Theirs takes a few texts more: ours refuses what RFC 8259 does.
            if let ours { #expect(ours == theirs, "\(String(decoding: broken, as: UTF8.self))") }
        }
    }

    /// Encodes into a few names again and again, as a program of steps has it.
    private struct Repeating: Encodable {
        enum Key: String, CodingKey { case one, two, three, object, list }

        struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { return nil }
        }

        let seed: UInt64

        func encode(to encoder: any Encoder) throws {
            var generator = SeededGenerator(seed: seed)
            var members = encoder.container(keyedBy: Key.self)
            try write(into: &members, depth: 2, &generator) { $0 }
        }

        private func write<AnyKey: CodingKey>(
            into members: inout KeyedEncodingContainer<AnyKey>, depth: Int, _ generator: inout SeededGenerator,
            _ name: (Key) -> AnyKey
        ) throws {
            for step in 0..<12 {
                let key = [Key.one, .two, .three].randomElement(using: &generator) ?? .one
                switch Int.random(in: 0..<7, using: &generator) {
                case 0: try members.encode(step, forKey: name(key))
                case 1: try members.encode(generator.text(upTo: 6), forKey: name(key))
                case 2: try members.encodeNil(forKey: name(key))
                case 3: try members.encode([["k": step], [:]], forKey: name(key))
                // Foundation's ends the process when it has anything but the same container there.
                case 4 where depth > 0:
                    var object = members.nestedContainer(keyedBy: Key.self, forKey: name(.object))
                    try write(into: &object, depth: depth - 1, &generator) { $0 }
                case 5 where depth > 0:
                    var object = members.nestedContainer(keyedBy: Name.self, forKey: name(.object))
                    try write(into: &object, depth: depth - 1, &generator) { Name(stringValue: $0.rawValue) }
                default:
                    var list = members.nestedUnkeyedContainer(forKey: name(.list))
                    try list.encode(step)
                }
            }
        }
    }

    @Test(arguments: 0..<100)
    func `names that come again are written as Foundation writes them`(seed: UInt64) throws {
        let value = [Repeating(seed: seed), Repeating(seed: seed + 1)]
        let ours = try JSONSerialization.jsonObject(with: Data(try JSONCoder().encode(value)))
        let theirs = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(value))

        #expect(ours as? NSArray == theirs as? NSArray)
    }

    private class Parent: Codable {
        var name: String?
        var list: [Int]
        private enum CodingKeys: String, CodingKey { case name, list }

        required init(from decoder: any Decoder) throws {
            list = []
            if try decoder.singleValueContainer().decodeNil() { return }
            let members = try decoder.container(keyedBy: CodingKeys.self)
            name = try members.decodeIfPresent(String.self, forKey: .name)
            list = try members.decode([Int].self, forKey: .list)
        }
    }

    private final class Child: Parent {
        var age: Int?
        private enum CodingKeys: String, CodingKey { case age, parent }

        required init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            age = try members.decodeIfPresent(Int.self, forKey: .age)
            let hasName = members.contains(.parent)
            try super.init(from: hasName ? members.superDecoder(forKey: .parent) : members.superDecoder())
        }
    }

    @Test(arguments: [
        #"{"age":1}"#, #"{"age":1,"super":null}"#, #"{"super":{"name":"x","list":[1]}}"#, #"{"parent":{"list":[]}}"#,
        #"{"parent":null}"#, #"{"super":{"name":"x"}}"#, #"{"super":1}"#,
    ])
    func `what a class inherits is decoded, or refused, as by Foundation`(json: String) throws {
        let ours = try? JSONCoder().decode(Child.self, from: Array(json.utf8))
        let theirs = try? JSONDecoder().decode(Child.self, from: Data(json.utf8))

        #expect((ours == nil) == (theirs == nil))
        #expect(ours?.age == theirs?.age)
        #expect(ours?.name == theirs?.name)
        #expect(ours?.list == theirs?.list)
    }
}

extension BinaryFloatingPoint {
    fileprivate var finite: Self { isFinite ? self : 0 }
}
