import Testing

@testable import Tally
@testable import TallyModel

@Suite struct SchemaTests {
    private func text(_ model: Plain) throws -> String {
        String(decoding: try Plain.schema.item(from: model, table: "plain", dataKeys: [:]).bytes, as: UTF8.self)
    }

    private func plain(_ json: String) throws -> Plain {
        try Plain.schema.model(from: WireItem(bytes: Array(json.utf8)), opener: nil)
    }

    @Test func `a model is written in the order of its fields, straight as DynamoDB's JSON`() throws {
        let written = try text(Plain(id: "1", count: 3, label: "x"))

        #expect(written == #"{"id":{"S":"1"},"count":{"N":"3"},"label":{"S":"x"}}"#)
    }

    @Test func `nil leaves no attribute`() throws {
        #expect(try text(Plain(id: "1", count: 3, label: nil)) == #"{"id":{"S":"1"},"count":{"N":"3"}}"#)
    }

    @Test(arguments: [
        #"{"id":{"S":"1"},"count":{"N":"3"},"label":{"S":"x"}}"#,
        #"{"label":{"S":"x"},"count":{"N":"3"},"id":{"S":"1"}}"#,
        #"{"a":{"M":{"id":{"S":"no"}}},"label":{"S":"x"},"id":{"S":"1"},"z":{"L":[]},"count":{"N":"3"},"y":{"NULL":true}}"#,
        #" { "count" : { "N" : "3" } , "label" : { "S" : "x" } , "id" : { "S" : "1" } } "#,
    ])
    func `an item reads back whatever the order of its attributes and whatever else it holds`(json: String) throws {
        #expect(try plain(json) == Plain(id: "1", count: 3, label: "x"))
    }

    @Test func `every order of attributes reads the same`() throws {
        let attributes = [#""id":{"S":"1"}"#, #""count":{"N":"3"}"#, #""label":{"S":"x"}"#, #""more":{"B":"AA=="}"#]
        for first in 0..<4 {
            for second in 0..<4 where second != first {
                for third in 0..<4 where third != first && third != second {
                    let order = [first, second, third, 6 - first - second - third].map { attributes[$0] }
                    #expect(try plain("{\(order.joined(separator: ","))}") == Plain(id: "1", count: 3, label: "x"))
                }
            }
        }
    }

    @Test(arguments: [
        (#"{"id":{"S":"1"}}"#, "Plain.count: expected N, found nothing"),
        (#"{"id":{"S":"1"},"count":{"S":"3"}}"#, "Plain.count: expected N, found S"),
        (#"{"id":{"S":"1"},"count":{"N":"3","S":"3"}}"#, "Plain.count: expected one type, found S beside it"),
        (#"{"id":{"N":"1"},"count":{"N":"3"}}"#, "Plain.id: expected S, found N"),
        (#"{"id":{"S":"1"},"count":{"N":"1e40"}}"#, "Plain.count: expected N within Int, found N outside it"),
    ])
    func `an attribute that does not fit is named, with what was expected and found`(
        json: String, message: String
    ) throws {
        let error = #expect(throws: ModelError.self) { try plain(json) }

        #expect(error.map { "\($0)" } == message)
    }

    @Test(arguments: ["", "[]", "{", #"{"id":{"S":"1"},"count":{"N":"3"}"#, #"{"id":{"S":"1"},"count":3}"#, "null"])
    func `what is not an item is an error, never a crash`(json: String) {
        #expect(throws: ModelError.self) { try plain(json) }
    }

    // MARK: - Declarations

    struct Swapped: Model {
        var pk: String
        var sk: String

        static let schema = Schema(
            table: "t", Swapped.init, .partitionKey("sk", \.sk), .attribute("pk", \.pk))
    }

    @Test func `two fields listed the other way round end the process with the fix`() async throws {
        let result = try await #require(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Swapped.schema
        }

        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(text.contains("Swapped.schema: 'pk' is out of order; list the fields in the order"))
    }

    struct Doubled: Model {
        var pk: String
        var text: String

        static let schema = Schema(
            table: "t", Doubled.init, .partitionKey("pk", \.pk), .attribute("pk", \.text))
    }

    @Test func `two fields of one name end the process with the fix`() async throws {
        let result = try await #require(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Doubled.schema
        }

        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(text.contains("Doubled.schema: two fields are stored as 'pk'; give each attribute a name of its own"))
    }

    private struct Odd: Model, Equatable {
        var id: String
        var value: Double

        static let schema = Schema(
            table: "t", Odd.init, .partitionKey("\"i\\d\"\n", \.id), .attribute("é", \.value))
    }

    @Test func `names with characters that JSON escapes are written and found`() throws {
        let item = try Odd.schema.item(from: Odd(id: "1", value: 2), table: "t", dataKeys: [:])

        #expect(String(decoding: item.bytes, as: UTF8.self) == #"{"\"i\\d\"\n":{"S":"1"},"é":{"N":"2"}}"#)
        #expect(try Odd.schema.model(from: item, opener: nil) == Odd(id: "1", value: 2))
    }

    @Test(arguments: ["nan", "inf", "0x10", " 1", "1_0", ""])
    func `a text that is no number of DynamoDB's is none for a Double either`(text: String) {
        let item = WireItem(bytes: Array(#"{"\"i\\d\"\n":{"S":"1"},"é":{"N":"\#(text)"}}"#.utf8))

        let error = #expect(throws: ModelError.self) { try Odd.schema.model(from: item, opener: nil) }

        #expect(error?.attribute == "é")
    }

    struct Keyless: Model {
        var title: String

        static let schema = Schema(table: "t", Keyless.init, .attribute("title", \.title))
    }

    @Test func `a model without partition key ends the process with the fix`() async throws {
        let result = try await #require(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Keyless.schema
        }

        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(text.contains("Keyless.schema: no field is the partition key"))
    }
}
