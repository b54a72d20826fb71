import Testing

@testable import Tally
@testable import TallyModel

@Suite struct QueryTests {
    @Test func `a query of the table has its keys in the condition`() throws {
        let query = Note.query(partition: "NOTE#1", sortKey: .beginsWith("v"), filter: \.title != "draft")

        let input = try query.input(limit: 10, after: nil)

        #expect(input.keyCondition.text == "#n0 = :v0 AND begins_with(#n1, :v1)")
        #expect(input.keyCondition.names == ["#n0": "pk", "#n1": "sk"])
        #expect(input.keyCondition.values == [":v0": .string("NOTE#1"), ":v1": .string("v")])
        #expect(input.filter?.text == "#n2 <> :v2")
        #expect(input.filter?.names == ["#n2": "title"])
        #expect(input.limit == 10)
        #expect(input.scansForward)
    }

    @Test func `a query of an index has the index's keys in the condition`() throws {
        let query = Note.query(
            Note.byTitle, partition: "Report", sortKey: .between("v1", and: "v3"), order: .descending)

        let input = try query.input(limit: nil, after: nil)

        #expect(input.index == "by-title")
        #expect(input.keyCondition.text == "#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2")
        #expect(input.keyCondition.names == ["#n0": "title", "#n1": "sk"])
        #expect(!input.scansForward)
    }

    @Test func `a condition on a sort key that the index lacks is refused`() {
        let query = Note.query(Note.byTag, partition: 3, sortKey: .equal(to: "x"))

        let error = #expect(throws: ModelError.self) { try query.input(limit: nil, after: nil) }

        #expect(error?.message.contains("the index 'by-rating' has none") == true)
    }

    @Test func `a cursor survives its text, and other texts are no cursors`() throws {
        let cursor = Cursor(WireItem(["pk": .string("a"), "sk": .string("ü")]))

        #expect(try Cursor(cursor.description)?.key.item() == cursor.key.item())
        for junk in ["", "zz", "00", Hex.encode("{}".utf8), Hex.encode("[1]".utf8), cursor.description + "00"] {
            #expect(Cursor(junk) == nil, "\(junk)")
        }
    }

    @Test func `a key that lacks the sort key is refused by name`() async throws {
        let store = try FakeAWS().store()

        let error = await #expect(throws: ModelError.self) { try await store.get(Note.key("NOTE#1")) }

        #expect(error?.message.contains("lacks the sort key 'sk'") == true)
    }
}
