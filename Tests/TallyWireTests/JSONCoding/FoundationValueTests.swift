import Foundation
import TallyTestServer
import TallyWire
import Testing

/// Values of Foundation, which Tally knows by name only.
@Suite struct FoundationValueTests {
    private struct Everything: Codable, Equatable {
        var date: Date
        var data: Data
        var url: URL
        var decimal: Decimal
        var uuid: UUID
        var dates: [Date]
        var missing: Date?
    }

    private let everything = Everything(
        date: Date(timeIntervalSince1970: 1_700_000_000.25), data: Data([0, 1, 254, 255]),
        url: URL(string: "https://example.com/a?b=c#d") ?? URL(fileURLWithPath: "/"),
        decimal: Decimal(string: "-12345678901234567890.0123456789") ?? 0,
        uuid: UUID(uuidString: "E621E1F8-C36C-495A-93FC-0C247A3E6E5F") ?? UUID(),
        dates: [Date(timeIntervalSince1970: -1.5), Date(timeIntervalSinceReferenceDate: 0)], missing: nil)

    private let text = """
        {"date":"2023-11-14T22:13:20.250Z","data":"AAH+/w==","url":"https://example.com/a?b=c#d",\
        "decimal":-12345678901234567890.0123456789,"uuid":"E621E1F8-C36C-495A-93FC-0C247A3E6E5F",\
        "dates":["1969-12-31T23:59:58.500Z","2001-01-01T00:00:00.000Z"]}
        """

    @Test func `they are written as Foundation's own coder writes them, dates as ISO 8601`() throws {
        #expect(String(decoding: try JSONCoder().encode(everything), as: UTF8.self) == text)
    }

    @Test func `they are read as they were written`() throws {
        #expect(try JSONCoder().decode(Everything.self, from: Array(text.utf8)) == everything)
    }

    @Test(
        arguments: [
            ("1700000000", 1_700_000_000), ("1700000000.25", 1_700_000_000.25), ("1700000000250", 1_700_000_000.25),
            ("1.7e9", 1_700_000_000), ("-1.5", -1.5), ("\"2023-11-14T23:13:20.25+01:00\"", 1_700_000_000.25),
            ("9200000000", 9_200_000_000), ("10000000000", 10_000_000), ("9223372036854", 9_223_372_036.854),
        ] as [(String, Double)])
    func `a date is a text or a number of seconds or milliseconds`(json: String, seconds: Double) throws {
        let date = try JSONCoder().decode([Date].self, from: Array("[\(json)]".utf8))
        #expect(date == [Date(timeIntervalSince1970: seconds)])
        let time = try JSONCoder().decode(Timestamp.self, from: Array(json.utf8))
        #expect(abs(Double(time.nanosecondsSinceEpoch) / 1e9 - seconds) < 1e-6)
    }

    @Test(
        arguments: [
            (
                #"{"date":"yesterday"}"#,
                "date: expected a value that its type takes, found a string that is no time of ISO 8601"
            ),
            (
                #"{"date":1e14}"#,
                "date: expected a value that its type takes, found a number that is no time from 1677 to 2262"
            ),
            (#"{"date":true}"#, "date: expected Double, found true or false"),
            (#"{"data":"a"}"#, "data: expected a value that its type takes, found a string that is not base64"),
            (#"{"decimal":"1"}"#, "decimal: expected Decimal, found a string"),
            (#"{"decimal":1e999}"#, "decimal: expected a value that its type takes, found a number that does not fit"),
            (
                #"{"decimal":1e99999999999999999999}"#,
                "decimal: expected a value that its type takes, found a number that does not fit"
            ),
        ])
    func `what they are not is refused`(json: String, message: String) throws {
        struct Partial: Decodable {
            var date: Date?
            var data: Data?
            var decimal: Decimal?
        }
        let error = #expect(throws: JSONDecodingError.self) {
            try JSONCoder().decode(Partial.self, from: Array(json.utf8))
        }

        #expect(error?.description.hasPrefix(message + ";") == true, "\(error?.description ?? "")")
    }

    @Test func `decimals of any size come back`() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let digits = String(
                (0..<Int.random(in: 1...38, using: &generator)).map { _ in
                    "0123456789".randomElement(using: &generator) ?? "0"
                })
            let exponent = Int.random(in: -60...60, using: &generator)
            guard let decimal = Decimal(string: "\(Bool.random(using: &generator) ? "-" : "")\(digits)e\(exponent)")
            else { continue }
            let json = try JSONCoder().encode([decimal])

            #expect(try JSONCoder().decode([Decimal].self, from: json) == [decimal], "\(decimal)")
            #expect(try JSONDecoder().decode([Decimal].self, from: Data(json)) == [decimal], "\(decimal)")
        }
        #expect(throws: EncodingError.self) { try JSONCoder().encode([Decimal.nan]) }
    }

    @Test func `what JSON has no value for is refused, not written as another`() {
        #expect(throws: EncodingError.self) { try JSONCoder().encode([Date.distantFuture]) }
        #expect(throws: EncodingError.self) { try JSONCoder().encode([Date.distantPast]) }
        let base = URL(string: "https://example.com/")
        #expect(throws: EncodingError.self) { try JSONCoder().encode([URL(string: "a", relativeTo: base)]) }
    }

    @Test func `bytes of any length come back`() throws {
        for count in [0, 1, 2, 3, 1_000, 100_000] {
            let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) })

            #expect(try JSONCoder().decode([Data].self, from: try JSONCoder().encode([data])) == [data])
        }
    }
}
