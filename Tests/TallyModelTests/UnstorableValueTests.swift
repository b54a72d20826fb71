import Testing

@testable import Tally
@testable import TallyModel

/// A model of values that DynamoDB cannot always hold.
private struct Reading: Model {
    var sensor: Double
    var celsius: Double = 20
    var peak: Double?
    var history: [Double] = []
    var byHour: [String: Double] = [:]
    var exact: Secret<Double> = Secret(20)
    var picture: StoredFile?

    static let schema = Schema(
        table: "readings",
        Reading.init,
        .partitionKey("sensor", \.sensor),
        .attribute("celsius", \.celsius),
        .attribute("peak", \.peak),
        .attribute("history", \.history),
        .attribute("byHour", \.byHour),
        .encrypted("exact", \.exact, key: "alias/readings"),
        .file("picture", \.picture, bucket: "pictures")
    )
}

/// A value that cannot be read back once it is written as nothing.
private struct Fraction: AttributeConvertible {
    let numerator: Int
    let denominator: Int

    var attributeValue: AttributeValue? { denominator == 0 ? nil : .list([.number(1)]) }

    init(_ numerator: Int, over denominator: Int) {
        (self.numerator, self.denominator) = (numerator, denominator)
    }

    init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .list = attributeValue else { throw AttributeError(expected: "a fraction", found: "none") }
        self.init(1, over: 1)
    }
}

@Suite struct UnstorableValueTests {
    private let aws = FakeAWS()

    @Test(arguments: [
        (Reading(sensor: 1, celsius: .nan), "celsius"),
        (Reading(sensor: 1, celsius: 1e200), "celsius"),
        (Reading(sensor: 1, peak: -.infinity), "peak"),
        (Reading(sensor: 1, history: [1, .nan]), "history"),
        (Reading(sensor: 1, byHour: ["12": .nan]), "byHour"),
        (Reading(sensor: 1, exact: Secret(.nan)), "exact"),
    ])
    private func `a number that DynamoDB cannot hold is refused by name, and nothing is stored`(
        reading: Reading, attribute: String
    ) async throws {
        let store = try aws.store()
        var reading = reading
        reading.picture = StoredFile([1], name: "a.png")

        let error = await #expect(throws: ModelError.self) { try await store.save(reading) }

        #expect(error?.attribute == attribute)
        #expect(error?.message == "expected N, found a value that DynamoDB cannot hold")
        #expect(aws.count("PutItem") == 0)
        #expect(aws.objects.isEmpty)
    }

    @Test func `a key that DynamoDB cannot hold is refused by name, and nothing is stored`() async throws {
        let reading = Reading(sensor: .nan, picture: StoredFile([1], name: "a.png"))

        let error = await #expect(throws: ModelError.self) { try await aws.store().save(reading) }

        #expect(error.map { "\($0)" } == "Reading.sensor: expected S, N or B, found NULL")
        #expect(aws.count("PutItem") == 0)
        #expect(aws.objects.isEmpty)
    }

    @Test func `a type of the user's that writes nothing is refused unless absence reads back as a value`() {
        var writer = AttributeWriter()
        Fraction(1, over: 0).write(to: &writer)

        #expect(writer.refusal == AttributeError(expected: "a fraction", found: "a value that DynamoDB cannot hold"))
    }

    @Test func `a condition with such a number is refused, not taken for one of absence`() throws {
        for filter in [\Reading.celsius == .nan, \Reading.peak != .infinity] {
            var writer = ExpressionWriter(Reading.schema)
            let error = #expect(throws: ModelError.self) { try writer.expression(filter) }
            #expect(error?.message.contains("DynamoDB cannot hold") == true)
        }
    }

    @Test func `an item whose key is of no type that keys have is an error, never a crash`() async throws {
        let item = WireItem(["sensor": .bool(true), "celsius": .number(1)])

        let error = await #expect(throws: ModelError.self) {
            try await aws.store().models(Reading.self, from: [item], timedAs: .getDecode)
        }

        #expect(error.map { "\($0)" } == "Reading.sensor: expected S, N or B, found BOOL")
    }
}
