import Tally
import Testing

@testable import TallyRuntime

/// What a function sees of items that `save` wrote, in the records of their table's stream.
@Suite struct StoreChangesTests {
    private let aws = FakeAWS()

    /// A value of each type that DynamoDB has.
    private struct Everything: Model, Equatable {
        let id: Int
        var text: String
        var number: Number
        var bytes: [UInt8]
        var flag: Bool
        var list: [String?]
        var map: [String: [Double]]
        var strings: Set<String>
        var others: [String: AttributeValue]
        var absent: String?
        var secret: Secret<[UInt8]>

        static let schema = Schema(
            table: "everything",
            Everything.init,
            .partitionKey("id", \.id),
            .attribute("text", \.text),
            .attribute("number", \.number),
            .attribute("bytes", \.bytes),
            .attribute("flag", \.flag),
            .attribute("list", \.list),
            .attribute("map", \.map),
            .attribute("strings", \.strings),
            .attribute("others", \.others),
            .attribute("absent", \.absent),
            .encrypted("secret", \.secret, key: "alias/everything")
        )
    }

    private func record(
        _ keys: String, old: String = "null", new: String = "null", name: String = "MODIFY", table: String = "notes",
        number: Int = 7
    ) throws -> DynamoDBEvent.Record {
        let json = """
            {"eventID":"e","eventName":"\(name)",
             "eventSourceARN":"arn:aws:dynamodb:us-east-1:123456789012:table/\(table)/stream/2023-06-10T19:26:16.525",
             "dynamodb":{"Keys":\(keys),"OldImage":\(old),"NewImage":\(new),"SequenceNumber":"\(number)"}}
            """
        return try JSONCoder().decode(DynamoDBEvent.Record.self, from: Array(json.utf8))
    }

    private func keys(_ sk: String) -> String { #"{"pk":{"S":"NOTE#1"},"sk":{"S":"\#(sk)"}}"# }

    private func note(_ sk: String = "v1", old: String = "null", new: String = "null") throws -> DynamoDBEvent.Record {
        try record(keys(sk), old: old, new: new)
    }

    // MARK: - What comes back

    @Test func `a value of every type comes back as it was saved`() async throws {
        let store = try aws.store()
        let digits = "-1234567890123456789.0123456789012345678"
        let number = try #require(Number(digits))
        let saved = try await store.save(
            Everything(
                id: -7, text: "naïve \"\u{1F600}\"\n", number: number, bytes: [0, 255, 16], flag: true,
                list: ["x", nil, ""], map: ["a": [0.1, 5e-100], "": []], strings: ["b", "a"],
                others: [
                    "ns": .numberSet([number, 1]), "bs": .binarySet([[], [0]]), "null": .null,
                    "deep": .list([.map(["m": .list([.number(number), .binary([1])])])]),
                ],
                absent: nil, secret: Secret([1, 2, 3])))

        let change = try await store.change(
            of: record(#"{"id":{"N":"-7"}}"#, new: aws.imageOfNumbered(), table: "everything"), as: Everything.self)

        #expect(change.new == saved)
        #expect(change.new?.number.text == digits)
        #expect(change.old == nil)
        #expect(change.key == saved.key)
    }

    @Test func `a change has the item before it and after it, and its key`() async throws {
        let store = try aws.store()
        let first = try await store.save(Note.sample(content: StoredFile([1, 2, 3], name: "a.bin")))
        let old = try aws.image("NOTE#1|v1")
        var changed = first
        changed.title = "changed"
        let second = try await store.save(changed)
        let calls = aws.calls.count

        let change = try await store.change(of: note(old: old, new: aws.image("NOTE#1|v1")), as: Note.self)

        #expect(change.old == first)
        #expect(change.new == second)
        #expect(change.key == Note.key("NOTE#1", "v1"))
        #expect(change.new?.content?.location != nil)
        #expect(change.new?.content?.name == "a.bin")
        #expect(aws.calls.dropFirst(calls) == ["Decrypt", "Decrypt"])
    }

    @Test func `a record of keys only is a key, and asks KMS for nothing`() async throws {
        let change = try await aws.store().change(of: note(), as: Note.self)

        #expect(change.key == Note.key("NOTE#1", "v1"))
        #expect(change.old == nil)
        #expect(change.new == nil)
        #expect(aws.calls.isEmpty)
    }

    @Test func `a deleted item has none after it`() async throws {
        let store = try aws.store()
        let saved = try await store.save(Note.sample())
        let removal = try record(keys("v1"), old: aws.image("NOTE#1|v1"), name: "REMOVE")

        let change = try await store.change(of: removal, as: Note.self)

        #expect(change.old == saved)
        #expect(change.new == nil)
    }

    @Test func `attributes that the schema does not have are passed over`() async throws {
        let store = try aws.store()
        let saved = try await store.save(Note.sample())
        aws.edit("NOTE#1|v1") { $0["added"] = ["M": ["by": ["S": "another version"]]] }

        let change = try await store.change(of: note(new: aws.image("NOTE#1|v1")), as: Note.self)

        #expect(change.new == saved)
    }

    @Test func `a batch takes one Decrypt for each data key, though two records have it`() async throws {
        let store = try aws.store()
        var note = try await store.save(Note.sample())
        var images = [try aws.image("NOTE#1|v1")]
        for title in ["a", "b", "c"] {
            note.title = title
            note = try await store.save(note)
            images.append(try aws.image("NOTE#1|v1"))
        }
        let records = try zip(images, images.dropFirst()).map { try self.note(old: $0, new: $1) } + [self.note("v9")]
        let calls = aws.calls.count

        let (changes, metrics) = try await Metrics.withScope {
            try await store.changes(of: records, as: Note.self)
        }

        #expect(changes.map { $0.old?.title } == ["Report", "a", "b", nil])
        #expect(changes.map { $0.new?.title } == ["a", "b", "c", nil])
        #expect(changes.last?.key == Note.key("NOTE#1", "v9"))
        #expect(changes.allSatisfy { $0.new.map { $0.ssn.reveal() == "078-05-1120" } ?? true })
        #expect(aws.calls.dropFirst(calls) == ["Decrypt", "Decrypt", "Decrypt", "Decrypt"])
        #expect(metrics.kmsCalls == 4)
        #expect(metrics.operationCount == 0)
        #expect(metrics.statistics.times[.pageDecode]?.count == 1)
        #expect(metrics.statistics.counters == [.cacheMisses: 4, .cacheHits: 2])
    }

    @Test func `a change counts for its model as a read does`() async throws {
        let store = try aws.store()
        try await store.save(Note.sample())
        let record = try note(new: aws.image("NOTE#1|v1"))

        try await MetricsScope.$current.withValue(MetricsScope()) {
            _ = try await store.change(of: record, as: Note.self)
            #expect(Note.totalMetrics.kmsCalls == 1)
            #expect(Note.totalMetrics.statistics.times[.getDecode]?.count == 1)
            #expect(Note.totalMetrics.statistics.times[.open]?.count == 2)
            #expect(Plain.totalMetrics.kmsCalls == 0)
        }
    }

    // MARK: - What is refused

    private func refusal(_ record: DynamoDBEvent.Record) async throws -> ModelError? {
        let store = try aws.store()
        return await #expect(throws: ModelError.self) { try await store.change(of: record, as: Note.self) }
    }

    private func image(_ change: @Sendable (inout [String: Any]) -> Void) async throws -> String {
        try await aws.store().save(Note.sample("v1"))
        aws.edit("NOTE#1|v1", change)
        return try aws.image("NOTE#1|v1")
    }

    @Test(arguments: ["title", "version"])
    func `a missing attribute is the error that get has`(attribute: String) async throws {
        let record = try note(new: await image { $0[attribute] = nil })
        let store = try aws.store()
        let read = await #expect(throws: ModelError.self) { try await store.get(Note.key("NOTE#1", "v1")) }

        let error = try await refusal(record)

        #expect(error?.attribute == attribute)
        #expect(error.map { "\($0)" } == read.map { "\($0)" })
    }

    @Test func `a secret that was tampered with is refused`() async throws {
        let error = try await refusal(
            try note(
                new: await image { item in
                    let envelope = (item["ssn"] as? [String: String])?["B"].flatMap { Base64.decode($0) } ?? []
                    let changed = envelope.dropLast() + [(envelope.last ?? 0) ^ 1]
                    item["ssn"] = ["B": Base64.encode(Array(changed))]
                }))

        #expect(error?.attribute == "ssn")
    }

    @Test func `plain text in place of a secret is refused`() async throws {
        let error = try await refusal(try note(new: await image { $0["ssn"] = ["S": "078-05-1120"] }))

        #expect(error.map { "\($0)" } == "Note.ssn: expected B, found S")
    }

    @Test func `an item whose key was changed throughout is refused, since its secrets belong elsewhere`() async throws
    {
        let moved = try await image { $0["sk"] = ["S": "v2"] }

        #expect(try await refusal(try note("v2", new: moved))?.attribute == "ssn")
    }

    @Test func `an item of another key than its record's is refused, secrets or none`() async throws {
        let image = #"{"id":{"S":"b"},"count":{"N":"1"}}"#
        let store = try aws.store()

        for record in [
            try record(#"{"id":{"S":"a"}}"#, new: image, table: "plain"),
            try record(#"{"id":{"S":"a"}}"#, old: image, table: "plain"),
        ] {
            let error = await #expect(throws: ModelError.self) {
                try await store.change(of: record, as: Plain.self)
            }
            #expect(error?.message.contains("record 7 has an item of another key") == true)
        }
    }

    @Test func `a record of another table is refused before its secrets are opened`() async throws {
        let error = try await refusal(try record(keys("v1"), new: await image { _ in }, table: "other"))

        #expect(error?.code == .invalidRequest)
        #expect(error?.message.hasPrefix("record 7 is of the table 'other', the model of the table 'notes'.") == true)
        #expect(aws.count("Decrypt") == 0)
    }

    @Test(arguments: [
        (#"{"pk":{"S":"NOTE#1"}}"#, "Note.sk: expected a key, found nothing"),
        (#"{"pk":{"S":"NOTE#1"},"sk":{"BOOL":true}}"#, "Note.sk: expected S, N or B, found BOOL"),
    ])
    func `keys that are not the model's are refused`(keys: String, message: String) async throws {
        #expect(try await refusal(try record(keys)).map { "\($0)" } == message)
    }

    // MARK: - In a batch

    @Test func `in a batch a record that cannot be read comes again, and those before it are done`() async throws {
        let store = try aws.store()
        try await store.save(Note.sample("v1"))
        let image = try aws.image("NOTE#1|v1")
        let records = [
            try record(keys("v1"), new: image, number: 1), try record(keys("v2"), new: image, number: 2),
        ]
        let event = try JSONCoder().decode(DynamoDBEvent.self, from: JSONCoder().encode(["Records": records]))
        let headers: Headers = ["Lambda-Runtime-Aws-Request-Id": "r", "Lambda-Runtime-Deadline-Ms": "4102444800000"]
        let context = Context(
            try Invocation(Response(status: 200, headers: headers)), isColdStart: false,
            logger: Logger(minimumLevel: .fatal), scope: MetricsScope())

        // The example of `change(of:as:)`.
        let response = await event.process(context) { record in
            let change = try await store.change(of: record, as: Note.self)
            guard !record.isTimeToLiveDeletion, let note = change.new else { return }
            #expect(note.ssn.reveal() == "078-05-1120")
        }

        #expect(response == BatchResponse(failures: ["2"]))
    }
}

extension FakeAWS {
    /// The one item here whose key is a number.
    fileprivate func imageOfNumbered() throws -> String { try image("") }
}
