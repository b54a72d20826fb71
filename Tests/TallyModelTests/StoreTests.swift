import Tally
import Testing

@Suite struct StoreTests {
    private let aws = FakeAWS()

    @Test func `what was saved is read back, with its version advanced in the returned value only`() async throws {
        let store = try aws.store()
        let note = Note.sample()

        let saved = try await store.save(note)
        let found = try await store.get(note.key)

        #expect(saved.version == 1)
        #expect(note.version == 0)
        #expect(found == saved)
    }

    @Test func `an item that is not there is nil`() async throws {
        #expect(try await aws.store().get(Note.key("NOTE#1", "v9")) == nil)
    }

    @Test func `two secrets of one item take one data key to save and one to read`() async throws {
        let store = try aws.store()

        try await store.save(Note.sample())
        #expect(aws.calls == ["GenerateDataKey", "PutItem"])

        _ = try await store.get(Note.key("NOTE#1", "v1"))
        #expect(aws.calls.suffix(2) == ["GetItem", "Decrypt"])
    }

    @Test func `each item of a query is opened with its own data key, each unwrapped once`() async throws {
        let store = try aws.store()
        for sk in ["v1", "v2", "v3"] { try await store.save(Note.sample(sk)) }

        let (notes, metrics) = try await Metrics.withScope {
            try await store.query(Note.query(partition: "NOTE#1")).collect()
        }

        #expect(notes.map(\.sk) == ["v1", "v2", "v3"])
        #expect(notes.allSatisfy { $0.ssn.reveal() == "078-05-1120" })
        #expect(metrics.kmsCalls == 3)
        #expect(metrics.operationCount == 1)
    }

    @Test func `a page of many items opens every one, with a bounded number of calls at once`() async throws {
        let store = try aws.store()
        for number in 0..<40 { try await store.save(Note.sample("v\(number)")) }

        let notes = try await store.query(Note.query(partition: "NOTE#1")).collect()

        #expect(notes.count == 40)
        #expect(notes.allSatisfy { $0.ssn.reveal() == "078-05-1120" })
        #expect(aws.count("Decrypt") == 40)
        #expect(aws.mostAtOnce <= 16)
    }

    @Test func `a page without items is no end while there is another`() async throws {
        let store = try aws.store()
        try await store.save(Note.sample("v1"))
        let key = #"{"pk":{"S":"NOTE#1"},"sk":{"S":"v0"}}"#
        let empty = #"{"Items":[],"Count":0,"ScannedCount":9,"LastEvaluatedKey":\#(key)}"#
        aws.fail("Query", with: .success(Response(status: 200, body: Array(empty.utf8))))

        let notes = try await store.query(Note.query(partition: "NOTE#1")).collect()

        #expect(notes.count == 1)
        #expect(aws.count("Query") == 2)
    }

    @Test func `an item without its secrets asks KMS for nothing`() async throws {
        let store = try aws.store()

        try await store.save(Plain(id: "1", count: 2, label: nil))
        _ = try await store.get(Plain.key("1"))

        #expect(aws.calls == ["PutItem", "GetItem"])
    }

    // MARK: - Versions

    @Test func `a second writer of one version is told of the conflict and of the item that won`() async throws {
        let store = try aws.store()
        var first = try await store.save(Note.sample())
        var second = first
        first.title = "won"
        second.title = "lost"

        let winner = try await store.save(first)
        let error = await #expect(throws: ModelError.self) { try await store.save(second) }

        #expect(error?.code == .conflict)
        #expect(try await store.winner(of: try #require(error), as: Note.self) == winner)
        #expect(error?.message.contains("did not hold for the item that is stored. Read it again") == true)
    }

    @Test func `a new item does not replace one that is there`() async throws {
        let store = try aws.store()
        try await store.save(Note.sample())

        let error = await #expect(throws: ModelError.self) { try await store.save(Note.sample()) }

        #expect(error?.code == .conflict)
    }

    @Test func `an item that is gone is a conflict without winner`() async throws {
        let store = try aws.store()
        let note = try await store.save(Note.sample())
        try await store.delete(note.key)

        let error = try #require(await #expect(throws: ModelError.self) { try await store.save(note) })

        #expect(error.code == .conflict)
        #expect(error.message == "the condition of PutItem did not hold: there is no such item")
        #expect(try await store.winner(of: error, as: Note.self) == nil)
    }

    @Test func `removing another version than the stored one is a conflict`() async throws {
        let store = try aws.store()
        let old = try await store.save(Note.sample())
        try await store.save(old)

        await #expect(throws: ModelError.self) { try await store.delete(old) }
        #expect(try await store.get(old.key) != nil)
    }

    @Test func `an answer that was lost is recognised as a success when the item is the one written`() async throws {
        let store = try aws.store()
        aws.fail("PutItem", with: nil)

        let saved = try await store.save(Note.sample())

        #expect(aws.count("PutItem") == 2)
        #expect(try await store.get(saved.key) == saved)
    }

    @Test func `a lost answer is no success when another item stands there`() async throws {
        let store = try aws.store()
        try await store.save(Note.sample(title: "theirs"))
        aws.fail("PutItem", with: nil)

        let error = try #require(await #expect(throws: ModelError.self) { try await store.save(Note.sample()) })

        #expect(error.code == .conflict)
        #expect(try await store.winner(of: error, as: Note.self)?.title == "theirs")
    }

    @Test func `a removal whose answer was lost is recognised as a success`() async throws {
        let store = try aws.store()
        let note = try await store.save(Note.sample())
        aws.fail("DeleteItem", with: nil)

        try await store.delete(note)

        #expect(aws.count("DeleteItem") == 2)
        #expect(try await store.get(note.key) == nil)
    }

    @Test func `a removal of what somebody else has removed is a conflict`() async throws {
        let store = try aws.store()
        let note = try await store.save(Note.sample())
        try await store.delete(note.key)

        let error = await #expect(throws: ModelError.self) { try await store.delete(note) }

        #expect(error?.code == .conflict)
    }

    @Test func `a removal that finds another version at its second attempt is a conflict`() async throws {
        let store = try aws.store()
        let old = try await store.save(Note.sample())
        try await store.save(old)
        aws.fail("DeleteItem", with: .success(aws.throttling))

        await #expect(throws: ModelError.self) { try await store.delete(old) }
        #expect(try await store.get(old.key) != nil)
    }

    // MARK: - Places

    @Test func `a secret that was moved to another item is refused`() async throws {
        let store = try aws.store()
        try await store.save(Note.sample("v1"))
        try await store.save(Note.sample("v2"))

        aws.copySecret("ssn", from: "NOTE#1|v1", to: "NOTE#1|v2", as: "ssn")

        let error = await #expect(throws: ModelError.self) { try await store.get(Note.key("NOTE#1", "v2")) }
        #expect(error?.attribute == "ssn")
    }

    @Test func `a secret that was moved to another attribute is refused`() async throws {
        let store = try aws.store()
        try await store.save(Note.sample("v1"))

        aws.copySecret("memo", from: "NOTE#1|v1", to: "NOTE#1|v1", as: "ssn")

        let error = await #expect(throws: ModelError.self) { try await store.get(Note.key("NOTE#1", "v1")) }
        #expect(error?.attribute == "ssn")
    }

    @Test func `plain text in place of a secret is refused`() async throws {
        let store = try aws.store()
        try await store.save(Note.sample("v1"))

        aws.edit("NOTE#1|v1") { $0["ssn"] = ["S": "078-05-1120"] }

        let error = await #expect(throws: ModelError.self) { try await store.get(Note.key("NOTE#1", "v1")) }
        #expect(error.map { "\($0)" } == "Note.ssn: expected B, found S")
    }

    // MARK: - Metrics

    @Test func `a model's figures are those of its own calls, and can begin again`() async throws {
        let store = try aws.store()
        let scope = MetricsScope()

        try await MetricsScope.$current.withValue(scope) {
            try await store.save(Plain(id: "1", count: 2, label: nil))
            try await store.save(Note.sample())
            #expect(Note.totalMetrics.operationCount == 1)
            #expect(Note.totalMetrics.kmsCalls == 1)
            #expect(Note.totalMetrics.writeUnits == 1)
            #expect(Note.lastMetrics?.operation == "PutItem")
            #expect(Plain.totalMetrics.kmsCalls == 0)

            Note.resetMetrics()
            #expect(Note.totalMetrics.operationCount == 0)
        }

        #expect(scope.snapshot().operationCount == 2)
    }

    @Test func `work between the calls is timed apart from them, so that a slow save is explained`() async throws {
        let store = try aws.store()

        let (saved, save) = try await Metrics.withScope { try await store.save(Note.sample()) }
        let (_, get) = try await Metrics.withScope { try await store.get(saved.key) }
        let (_, query) = try await Metrics.withScope {
            try await store.query(Note.query(partition: "NOTE#1")).collect()
        }

        #expect(
            save.statistics.times.mapValues(\.count) == [
                .saveEncode: 1, .seal: 2, "dynamodb.put_item": 1, "kms.generate_data_key": 1,
            ])
        #expect(save.statistics.attributes[.itemSize]?.count == 1)
        #expect(
            get.statistics.times.mapValues(\.count) == [
                .getDecode: 1, .open: 2, "dynamodb.get_item": 1, "kms.decrypt": 1,
            ])
        #expect(get.statistics.counters == [.cacheMisses: 1])
        #expect(query.statistics.times[.pageDecode]?.count == 1)
    }

    @Test func `outside a scope a model's figures are empty and say so`() {
        #expect(!Note.totalMetrics.isRecorded)
        #expect(Note.totalMetrics.kmsCalls == 0)
        #expect(Note.lastMetrics == nil)
    }
}
