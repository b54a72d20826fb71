import Tally

/// Events to decode, without a runtime around them.
enum Events {
    struct Person: Codable {
        var name: String
        var age: Int
    }

    struct Order: Codable {
        var id: String
        var customer: Person
        var lines: [Line]
        var note: String?
        var isPaid: Bool

        struct Line: Codable {
            var article: String
            var count: Int
            var price: Double
        }
    }

    /// Takes what it can: a kind that it knows, a time, or any text.
    struct Loose: Decodable {
        enum Kind: String, Decodable { case known }

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if (try? value.decode(Kind.self)) != nil || (try? value.decode(Timestamp.self)) != nil { return }
            _ = try value.decode(String.self)
        }
    }

    /// 1 MB of strings, each of which two types refuse before a third takes it.
    static func refusals() throws -> [UInt8] {
        try JSONCoder().encode(Array(repeating: "neither one nor the other", count: 36_000))
    }

    /// 1 MiB of one string, as `make_payloads.py` of the shared benchmarks has it.
    static func text() throws -> [UInt8] {
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "
        let name = String(repeating: letters, count: (1 << 20) / letters.utf8.count)
        return try JSONCoder().encode(Person(name: name, age: 42))
    }

    /// 1 MB of objects with a few members each.
    static func orders() throws -> [UInt8] {
        let order = Order(
            id: "6e0f9cf0-0b53-4c0a-8b5a-5f5f2fd2ad3b", customer: Person(name: "Ada Lovelace", age: 36),
            lines: [
                .init(article: "difference engine", count: 1, price: 17_470.5),
                .init(article: "punched cards", count: 1_000, price: 0.04),
            ], note: nil, isPaid: true)
        return try JSONCoder().encode(Array(repeating: order, count: 4_000))
    }
}
