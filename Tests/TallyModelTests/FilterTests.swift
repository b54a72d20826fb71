import Testing

@testable import Tally
@testable import TallyModel

@Suite struct FilterTests {
    private func render(_ filter: Filter<Note>) throws -> Expression {
        var writer = ExpressionWriter(Note.schema)
        return try writer.expression(filter)
    }

    @Test func `names and values stand behind placeholders`() throws {
        let expression = try render(\.title == "Report" && (\.rating >= 3 || !.exists(\.rating)))

        #expect(expression.text == "(#n0 = :v0 AND (#n1 >= :v1 OR NOT (attribute_exists(#n1))))")
        #expect(expression.names == ["#n0": "title", "#n1": "rating"])
        #expect(expression.values == [":v0": .string("Report"), ":v1": .number(3)])
    }

    @Test func `a comparison with nil asks for presence`() throws {
        #expect(try render(\.rating == nil).text == "attribute_not_exists(#n0)")
        #expect(try render(\.rating != nil).text == "attribute_exists(#n0)")
        #expect(throws: ModelError.self) { try render(\.rating < nil) }
    }

    @Test func `functions take the attribute's name`() throws {
        #expect(try render(.beginsWith(\.title, "Re")).text == "begins_with(#n0, :v0)")
        #expect(try render(.contains(\.tags, "a")).text == "contains(#n0, :v0)")
        #expect(try render(.absent).names == ["#n0": "pk"])
    }

    @Test func `a property that no field stores is refused by name`() {
        let error = #expect(throws: ModelError.self) { try render(.beginsWith(\.title.localized, "x")) }

        #expect(error?.message.contains("no field of the schema stores") == true)
    }
}

extension String {
    fileprivate var localized: String { self }
}
