import TallyWire
import Testing

/// Texts that cost more than their length in a coder that goes through them again and again.
///
/// Each takes a second here and minutes there, which is what the limit tells.
@Suite(.timeLimit(.minutes(1))) struct JSONHostileTextTests {
    @Test func `an error that is caught costs each of many elements the same`() throws {
        let many = "[\(Array(repeating: #""a""#, count: 25_000).joined(separator: ","))]"

        #expect(try JSONCoder().decode([Flexible].self, from: Array(many.utf8)).count == 25_000)
    }

    private struct Searching: Decodable {
        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { return nil }
        }

        var found = 0

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            for number in 0..<150 where members.contains(Key(stringValue: "\(number)")) { found += 1 }
        }
    }

    @Test func `a long name of escapes is not unescaped for each name that is looked for`() throws {
        let name = String(repeating: "\\u0061", count: 10_000)
        let members = (0..<30).map { #""\#(name)\#($0)":0"# } + [#""\u0037":0"#]

        #expect(
            try JSONCoder().decode(Searching.self, from: Array("{\(members.joined(separator: ","))}".utf8)).found == 1)
    }

    /// Encodes names that are text, each twice.
    private struct Twice: Encodable {
        let count: Int

        func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: Searching.Key.self)
            for round in 0..<2 {
                for number in 0..<count { try members.encode(round, forKey: .init(stringValue: "\(number)")) }
            }
        }
    }

    @Test func `many names that come again cost each the same`() throws {
        let json = try JSONCoder().encode(Twice(count: 20_000))

        #expect(try JSONCoder().decode([String: Int].self, from: json).count == 20_000)
        #expect(json.count < 300_000)
    }
}
