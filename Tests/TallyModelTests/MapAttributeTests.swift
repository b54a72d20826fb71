import TallyAWS
import TallyWire
import Testing

@testable import TallyModel

private struct Address: MapAttribute, Equatable {
    var street: String
    var zip: String?
    var geo: Point?

    static let map = MapSchema(
        Address.init, .member("street", \.street), .member("zip", \.zip), .member("geo", \.geo))
}

private struct Point: MapAttribute, Equatable {
    var lat: Double
    var lon: Double

    static let map = MapSchema(Point.init, .member("lat", \.lat), .member("lon", \.lon))
}

private struct Customer: Model, Equatable {
    let id: String
    var home: Address
    var others: [Address]
    var byName: [String: Point]
    var after: Int

    static let schema = Schema(
        table: "customers",
        Customer.init,
        .partitionKey("id", \.id),
        .attribute("home", \.home),
        .attribute("others", \.others),
        .attribute("byName", \.byName),
        .attribute("after", \.after)
    )
}

@Suite struct MapAttributeTests {
    private let customer = Customer(
        id: "1", home: Address(street: "A", zip: nil, geo: Point(lat: 52.5, lon: 13)),
        others: [Address(street: "B", zip: "1"), Address(street: "C")], byName: ["x": Point(lat: 1, lon: 2)], after: 7)

    private func text(_ model: Customer) throws -> String {
        String(decoding: try Customer.schema.item(from: model, table: "c", dataKeys: [:]).bytes, as: UTF8.self)
    }

    private func customer(_ json: String) throws -> Customer {
        try Customer.schema.model(from: WireItem(bytes: Array(json.utf8)), opener: nil)
    }

    private func home(_ members: String) -> String {
        #"{"id":{"S":"1"},"home":{"M":\#(members)},"others":{"L":[]},"byName":{"M":{}},"after":{"N":"7"}}"#
    }

    @Test func `structs nest as maps, in attributes, lists, dictionaries and each other`() throws {
        let written = try text(customer)

        #expect(
            written == #"{"id":{"S":"1"},"#
                + #""home":{"M":{"street":{"S":"A"},"geo":{"M":{"lat":{"N":"52.5"},"lon":{"N":"13"}}}}},"#
                + #""others":{"L":[{"M":{"street":{"S":"B"},"zip":{"S":"1"}}},{"M":{"street":{"S":"C"}}}]},"#
                + #""byName":{"M":{"x":{"M":{"lat":{"N":"1"},"lon":{"N":"2"}}}}},"after":{"N":"7"}}"#)
        #expect(try customer(written) == customer)
    }

    @Test(arguments: [
        #"{"street":{"S":"A"},"zip":{"S":"9"}}"#,
        #"{"zip":{"S":"9"},"street":{"S":"A"}}"#,
        #"{"more":{"M":{"street":{"S":"no"}}},"zip":{"S":"9"},"a":{"L":[]},"street":{"S":"A"},"z":{"NULL":true}}"#,
        #" { "geo" : { "NULL" : true } , "zip" : { "S" : "9" } , "street" : { "S" : "A" } } "#,
    ])
    func `a map reads back whatever the order of its members and whatever else it holds`(members: String) throws {
        let read = try customer(home(members))

        #expect(read.home == Address(street: "A", zip: "9"))
        #expect(read.after == 7)
    }

    @Test(arguments: [
        (#"{"zip":{"S":"9"}}"#, "Customer.home: expected S, found nothing in 'street'"),
        (#"{"street":{"N":"1"}}"#, "Customer.home: expected S, found N in 'street'"),
        (
            #"{"street":{"S":"A"},"geo":{"M":{"lat":{"N":"1"},"lon":{"S":"x"}}}}"#,
            "Customer.home: expected N, found S in 'lon' in 'geo'"
        ),
        (
            #"[]"#,
            "Customer.home: expected an attribute value, found broken JSON (offset 28: expected an object, found '[')"
        ),
    ])
    func `a member that does not fit is named with the maps around it`(members: String, message: String) throws {
        let error = #expect(throws: ModelError.self) { try customer(home(members)) }

        #expect(error.map { "\($0)" } == message)
    }

    @Test func `a member that DynamoDB cannot hold is named, and nothing is written`() throws {
        var bad = customer
        bad.others[1].geo = Point(lat: .nan, lon: 0)

        let error = #expect(throws: ModelError.self) { try text(bad) }

        #expect(error.map { "\($0)" }?.contains("'lat' in 'geo'") == true)
        #expect(error?.attribute == "others")
    }

    @Test func `a map goes to an attribute value and back`() throws {
        let value = try #require(customer.home.attributeValue)

        let lat = try #require(Number("52.5"))
        #expect(
            value
                == .map(["street": .string("A"), "geo": .map(["lat": .number(lat), "lon": .number(13)])]))
        #expect(try Address(attributeValue: value) == customer.home)
        #expect(Point(lat: .nan, lon: 0).attributeValue == nil)
        #expect(throws: AttributeError.self) { try Address(attributeValue: nil) }
        #expect(throws: AttributeError.self) { try Address(attributeValue: .string("A")) }
    }

    private struct Node: MapAttribute, Equatable {
        var children: [Node]

        static let map = MapSchema(Node.init, .member("c", \.children))
    }

    @Test func `maps may nest as deeply as DynamoDB's do, and far too many levels are an error`() throws {
        func nested(_ levels: Int) -> [UInt8] {
            let open = String(repeating: #"{"M":{"c":{"L":["#, count: levels)
            return Array((open + String(repeating: "]}}}", count: levels)).utf8)
        }

        let node = try AttributeReader.read(nested(16)) { (reader) throws(AttributeError) in try Node(from: &reader) }

        #expect(node.children.count == 1)
        #expect(throws: AttributeError.self) {
            try AttributeReader.read(nested(100_000)) { (reader) throws(AttributeError) in try Node(from: &reader) }
        }
    }

    @Test func `members out of the order of declaration end the process with the fix`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            struct Swapped: MapAttribute {
                var a: String
                var b: String
                static let map = MapSchema(Swapped.init, .member("b", \.b), .member("a", \.a))
            }
            _ = Swapped(a: "", b: "").attributeValue
        }

        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("Swapped.map: 'a' is out of order"))
    }
}
