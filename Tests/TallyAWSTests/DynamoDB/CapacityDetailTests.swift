import Foundation
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct CapacityDetailTests {
    private let item = WireItem(["pk": .string("DOC#1")])

    /// The call's request and record.
    private func exchange(
        _ body: String = "{}", level: MetricsLevel? = .detailed, _ call: (DynamoDB) async throws -> Void
    ) async throws -> (asked: String?, record: CallRecord?) {
        let transport = ScriptedTransport(.status(200, body))
        let client = try ServiceClient.scripted(transport)
        let scope = level.map { MetricsScope(level: $0) }
        try await MetricsScope.$current.withValue(scope) { try await call(DynamoDB(client)) }
        let text = try #require(transport.requests.first).bodyText
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return (object?["ReturnConsumedCapacity"] as? String, scope?.last(for: .test))
    }

    @Test(
        arguments: [
            (MetricsLevel?.some(.none), nil), (.summary, "TOTAL"), (.detailed, "INDEXES"), (nil, "TOTAL"),
        ] as [(MetricsLevel?, String?)])
    func `every operation on items asks for what the level needs`(level: MetricsLevel?, detail: String?) async throws {
        let condition = Expression("pk = :p", values: [":p": .string("a")])
        let calls: [(DynamoDB) async throws -> Void] = [
            { _ = try await $0.getItem(.init(table: "t", key: item)) },
            { _ = try await $0.putItem(.init(table: "t", item: item)) },
            { _ = try await $0.deleteItem(.init(table: "t", key: item)) },
            { _ = try await $0.updateItem(.init(table: "t", key: item, update: Expression("REMOVE a"))) },
            { _ = try await $0.query(.init(table: "t", keyCondition: condition)) },
            { _ = try await $0.scan(.init(table: "t")) },
            { _ = try await $0.batchGetItem(["t": .init([item])]) },
            { _ = try await $0.batchWriteItem(["t": [.put(item)]]) },
            { _ = try await $0.transactGetItems([.init(table: "t", key: item)]) },
            { _ = try await $0.transactWriteItems([.put(.init(table: "t", item: item))]) },
            { _ = try await $0.executeStatement(.init("SELECT * FROM t")) },
        ]
        for call in calls {
            let asked = try await exchange(level: level, call).asked
            #expect(asked == detail)
        }
    }

    @Test(arguments: [MetricsLevel.none, .summary, .detailed])
    func `what the caller of an operation asks for is never replaced`(level: MetricsLevel) async throws {
        var input = DynamoDB.GetItemInput(table: "t", key: item)
        for detail in [CapacityDetail.none, .total, .indexes] {
            input.returnConsumedCapacity = detail
            let (asked, _) = try await exchange(level: level) { [input] in _ = try await $0.getItem(input) }
            #expect(asked == detail.rawValue)

            let (batch, _) = try await exchange(level: level) {
                _ = try await $0.batchWriteItem(["t": [.put(item)]], capacity: detail)
            }
            #expect(batch == detail.rawValue)
        }
    }

    @Test func `a write tells the units of its table and of each index, local ones apart`() async throws {
        let body =
            #"{"ConsumedCapacity":{"TableName":"t","CapacityUnits":4.0,"Table":{"CapacityUnits":1.0},"#
            + #""LocalSecondaryIndexes":{"by-sum":{"CapacityUnits":1.0}},"#
            + #""GlobalSecondaryIndexes":{"by-title":{"CapacityUnits":2.0}}}}"#

        let (_, record) = try await exchange(body) {
            _ = try await $0.putItem(.init(table: "t", item: item), models: [.test])
        }

        #expect(
            record?.capacityShares == [
                CapacityShare(table: "t", part: .table, writeUnits: 4),
                CapacityShare(table: "t", part: .localIndex("by-sum"), writeUnits: 1),
                CapacityShare(table: "t", part: .globalIndex("by-title"), writeUnits: 2),
            ])
        #expect(record?.writeUnits == 4)
    }

    @Test func `a batch of two tables tells each, and a request of one table and no index its sum alone`() async throws
    {
        let two =
            #"{"ConsumedCapacity":[{"TableName":"a","CapacityUnits":1.5},{"TableName":"b","CapacityUnits":0.5}]}"#

        let (_, batch) = try await exchange(two) {
            _ = try await $0.batchGetItem(["a": .init([item]), "b": .init([item])], models: [.test])
        }
        let (_, single) = try await exchange(#"{"ConsumedCapacity":{"TableName":"t","CapacityUnits":1.0}}"#) {
            _ = try await $0.getItem(.init(table: "t", key: item), models: [.test])
        }

        #expect(batch?.capacityShares.map(\.table) == ["a", "b"])
        #expect(batch?.capacityShares.map(\.readUnits) == [1.5, 0.5])
        #expect(batch?.readUnits == 2)
        #expect(single?.capacityShares == [])
        #expect(single?.readUnits == 1)
    }
}
