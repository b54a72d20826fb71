import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

extension LocalServersTests {
    /// The operations on a table of the test's own, from its making to its end.
    @Suite struct TableTests {
        private let dynamoDB: DynamoDB
        private let table = "tally-\(UserAgent.callID())"

        init() throws {
            dynamoDB = DynamoDB(try LocalServers.client())
        }

        /// Runs `body` with a table that is gone afterwards.
        private func withTable(_ body: () async throws -> Void) async throws {
            var input = DynamoDB.CreateTableInput(table: table, keys: [.partition("pk"), .sort("n", .number)])
            input.globalIndexes = [IndexDefinition("by-title", keys: [.partition("title"), .sort("pk")])]
            try await dynamoDB.createTable(input)
            do {
                try await body()
                try await dynamoDB.deleteTable(table)
            } catch {
                _ = try? await dynamoDB.deleteTable(table)
                throw error
            }
        }

        private func item(_ number: Int) -> Item {
            ["pk": .string("p"), "n": .number(Number(number)), "title": .string("t\(number)")]
        }

        private func key(_ number: Int) -> WireItem { WireItem(["pk": .string("p"), "n": .number(Number(number))]) }

        @Test func `a table is made, described, listed, given an expiry and removed`() async throws {
            try await withTable {
                let described = try await dynamoDB.describeTable(table)
                #expect(described.status == .active)
                #expect(described.keys == [.partition("pk"), .sort("n", .number)])
                #expect(described.globalIndexes.map(\.name) == ["by-title"])
                #expect(described.globalIndexes.first?.keys == [.partition("title"), .sort("pk")])
                #expect(described.billing == .onDemand)

                var names: [String] = []
                var page = try await dynamoDB.listTables(limit: 1)
                names += page.tables
                while let last = page.lastEvaluatedTable {
                    page = try await dynamoDB.listTables(after: last, limit: 1)
                    names += page.tables
                }
                #expect(names.contains(table) && names == names.sorted())

                #expect(try await dynamoDB.describeTimeToLive(table).isEnabled == false)
                try await dynamoDB.updateTimeToLive(table: table, attribute: "expires")
                let ttl = try await dynamoDB.describeTimeToLive(table)
                #expect(ttl.isEnabled && ttl.attribute == "expires")
            }
            let error = await #expect(throws: ServiceError.self) { try await dynamoDB.describeTable(table) }
            #expect(error?.code == .resourceNotFound)
        }

        @Test func `60 items are written and read in batches`() async throws {
            try await withTable {
                let (_, snapshot) = try await recorded {
                    let written = await dynamoDB.batchWrite([table: (0..<60).map { .put(WireItem(item($0))) }])
                    #expect(written.unprocessedItems.isEmpty && written.error == nil)

                    let read = await dynamoDB.batchGet([table: .init((0..<120).map(key), consistentRead: true)])
                    #expect(read.unprocessedKeys.isEmpty && read.error == nil)
                    let numbers = try read.items[table]?.map { try $0.item()["n"] } ?? []
                    #expect(Set(numbers) == Set((0..<60).map { AttributeValue.number(Number($0)) }))

                    let removed = await dynamoDB.batchWrite([table: (0..<60).map { .delete(key($0)) }])
                    #expect(removed.unprocessedItems.isEmpty)
                    #expect(try await dynamoDB.scan(.init(table: table)).count == 0)
                }
                #expect(snapshot.operationCount == 3 + 2 + 3 + 1)
            }
        }

        @Test func `a transaction is done as a whole or not at all, and tells why`() async throws {
            try await withTable {
                let absent = Expression("attribute_not_exists(pk)")
                let actions: [DynamoDB.TransactAction] = [
                    .put(.init(table: table, item: WireItem(item(1)), condition: absent)),
                    .put(
                        .init(
                            table: table, item: WireItem(item(2)), condition: absent,
                            returnValuesOnConditionFailure: .allOld)),
                ]
                try await dynamoDB.transactWriteItems(actions, clientRequestToken: String(table.suffix(36)))
                // The same token within ten minutes: done already.
                try await dynamoDB.transactWriteItems(actions, clientRequestToken: String(table.suffix(36)))

                let error = await #expect(throws: ServiceError.self) {
                    try await dynamoDB.transactWriteItems([.delete(.init(table: table, key: key(1))), actions[1]])
                }
                #expect(error?.code == .transactionCanceled)
                #expect(error?.cancellationReasons.map(\.code) == [nil, "ConditionalCheckFailed"])
                let winner = try #require(error?.cancellationReasons.last?.item).item()
                #expect(winner == item(2))

                let got = try await dynamoDB.transactGetItems(
                    [1, 2, 3].map { DynamoDB.TransactGet(table: table, key: key($0)) })
                let items = try got.items.map { try $0?.item() }
                #expect(items == [item(1), item(2), nil])
            }
        }

        @Test func `an update counts, and its condition protects it`() async throws {
            try await withTable {
                let add = Expression("ADD hits :one SET title = :t", values: [":one": .number(1), ":t": .string("t")])
                let present = Expression("attribute_exists(pk)")
                _ = try await dynamoDB.updateItem(.init(table: table, key: key(1), update: add))
                let output = try await dynamoDB.updateItem(
                    .init(table: table, key: key(1), update: add, condition: present, returnValues: .updatedNew))
                #expect(try output.attributes?.item()["hits"] == .number(2))

                let error = await #expect(throws: ServiceError.self) {
                    try await dynamoDB.updateItem(.init(table: table, key: key(9), update: add, condition: present))
                }
                #expect(error?.isConditionalFailure == true)
            }
        }

        @Test func `a statement in PartiQL inserts and reads`() async throws {
            try await withTable {
                _ = try await dynamoDB.executeStatement(
                    .init(
                        #"INSERT INTO "\#(table)" VALUE {'pk': ?, 'n': ?}"#, parameters: [.string("p"), .number(7)]))
                let read = try await dynamoDB.executeStatement(
                    .init(
                        #"SELECT * FROM "\#(table)" WHERE pk = ? AND n = ?"#, parameters: [.string("p"), .number(7)],
                        consistentRead: true))
                let items = try read.items.map { try $0.item() }
                #expect(items == [["pk": .string("p"), "n": .number(7)]])
            }
        }

        @Test func `every type comes back as it was written`() async throws {
            try await withTable {
                var nested: AttributeValue = .list([.string("deep")])
                for _ in 0..<30 { nested = .list([nested]) }
                let values: Item = [
                    "pk": .string("p"), "n": .number(1), "text": .string("ü\u{1F600}\"\\\n\u{0}"),
                    "empty": .string(""),
                    "digits": .number(try #require(Number("12345678901234567890123456789012345678"))),
                    "small": .number(try #require(Number("1E-130"))), "flag": .bool(false), "nothing": .null,
                    "bytes": .binary([0, 255, 128]), "strings": .stringSet(["a", "b"]),
                    "numbers": .numberSet([1, 2]), "blobs": .binarySet([[1], [2, 3]]),
                    "map": .map(["k": .list([]), "m": .map([:])]), "nested": nested,
                ]
                _ = try await dynamoDB.putItem(.init(table: table, item: WireItem(values)))
                let got = try await dynamoDB.getItem(.init(table: table, key: key(1), consistentRead: true))
                #expect(try got.item?.item() == values)
            }
        }
    }
}
