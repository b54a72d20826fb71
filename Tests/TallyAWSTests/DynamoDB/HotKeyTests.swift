import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct HotKeyTests {
    private let key = WireItem(["pk": .string("CUSTOMER#4711"), "sk": .number(Number(1))])
    private let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"

    private func throttled(_ reasons: [(reason: String, resource: String)]) -> ScriptedTransport.Answer {
        let list = reasons.map { #"{"reason":"\#($0.reason)","resource":"\#($0.resource)"}"# }.joined(separator: ",")
        return .status(
            400, #"{"__type":"a#ThrottlingException","message":"m","ThrottlingReasons":[\#(list)]}"#)
    }

    /// Runs calls against answers in turn.
    private func scope(
        _ answers: [ScriptedTransport.Answer], level: MetricsLevel = .summary, trackingKeys: Bool = false,
        _ call: (DynamoDB) async throws -> Void
    ) async throws -> MetricsScope {
        let transport = ScriptedTransport { _, index in answers[min(index, answers.count - 1)] }
        let client = try ServiceClient.scripted(transport)
        let scope = MetricsScope(level: level)
        try await MetricsScope.$current.withValue(scope) {
            if trackingKeys { InvocationMetrics.current.trackKeys() }
            try await call(DynamoDB(client))
        }
        return scope
    }

    @Test func `the reasons of every throttled attempt are counted by table and index`() async throws {
        let reasons = [
            (reason: "IndexWriteProvisionedThroughputExceeded", resource: "\(arn)/index/by-day"),
            (reason: "TableWriteProvisionedThroughputExceeded", resource: arn),
        ]

        let scope = try await scope([throttled(reasons), throttled(reasons), .status(200)]) {
            _ = try await $0.updateItem(.init(table: "orders", key: key, update: Expression("REMOVE a")))
        }

        #expect(
            scope.details().throttles == [
                ThrottleCause(reason: reasons[0].reason, table: "orders", index: "by-day"): 2,
                ThrottleCause(reason: reasons[1].reason, table: "orders", index: nil): 2,
            ])
        #expect(scope.snapshot().dynamoDBThrottles == 2)
        #expect(scope.details().keys.isEmpty)
    }

    @Test func `an item whose partition is too busy is told by a hash, never by its key`() async throws {
        let hot = throttled([(reason: "TableReadKeyRangeThroughputExceeded", resource: arn)])

        let scope = try await scope([hot, hot, .status(200)]) {
            _ = try await $0.getItem(.init(table: "orders", key: key))
        }

        let activity = try #require(scope.details().keys.first)
        #expect((activity.table, activity.calls, activity.throttles) == ("orders", 1, 2))
        #expect(activity.keyHash.count == 16)
        let isHex = activity.keyHash.allSatisfy { $0.isHexDigit }
        #expect(isHex)
        #expect(!"\(scope.details())".contains("4711"))
    }

    @Test func `the hash is that of the key, however it was written, and of the table`() throws {
        let reversed = WireItem(bytes: Array(#"{"sk":{"N":"1"},"pk":{"S":"CUSTOMER#4711"}}"#.utf8))
        let item = WireItem(["pk": .string("CUSTOMER#4711"), "sk": .number(Number(1)), "total": .number(Number(7))])
        let other = WireItem(["pk": .string("CUSTOMER#4712"), "sk": .number(Number(1))])

        let hash = try #require(ItemKey(key).hash(in: "orders"))

        #expect(ItemKey(reversed).hash(in: "orders") == hash)
        #expect(ItemKey(item, attributes: ["pk", "sk"]).hash(in: "orders") == hash)
        #expect(ItemKey(other).hash(in: "orders") != hash)
        #expect(ItemKey(key).hash(in: "users") != hash)
        #expect(ItemKey(item, attributes: ["pk", "absent"]).hash(in: "orders") == nil)
        #expect(ItemKey(WireItem(bytes: [0x5B])).hash(in: "orders") == nil)
    }

    @Test func `the calls for each item are counted when keys are tracked, and only then`() async throws {
        for isTracking in [true, false] {
            let scope = try await scope([.status(200)], trackingKeys: isTracking) { dynamoDB in
                for _ in 0..<3 { _ = try await dynamoDB.getItem(.init(table: "orders", key: key)) }
                _ = try await dynamoDB.deleteItem(.init(table: "orders", key: key))
                _ = try await dynamoDB.scan(.init(table: "orders"))
                // Which of its attributes are the key is not known.
                _ = try await dynamoDB.putItem(.init(table: "orders", item: key))
            }

            #expect(scope.details().keys.map(\.calls) == (isTracking ? [4] : []))
        }
    }

    @Test func `at level none neither reasons nor keys are kept`() async throws {
        let hot = throttled([(reason: "TableReadKeyRangeThroughputExceeded", resource: arn)])

        let scope = try await scope([hot, .status(200)], level: .none, trackingKeys: true) {
            _ = try await $0.getItem(.init(table: "orders", key: key))
        }

        #expect(scope.details().throttles.isEmpty)
        #expect(scope.details().keys.isEmpty)
    }

    @Test func `a filter that drops most of what was read is warned of`() async throws {
        let client = try ServiceClient.scripted(ScriptedTransport(.status(200, #"{"Count":2,"ScannedCount":600}"#)))
        let lines = try await logLines(at: .info) { logger in
            try await MetricsScope.$current.withValue(MetricsScope(logger: logger)) {
                let dynamoDB = DynamoDB(client)
                let input = DynamoDB.ScanInput(table: "hot-key-tests", filter: Expression("a = b"))
                for _ in 0..<3 { _ = try await dynamoDB.scan(input) }
            }
        }

        #expect(lines.count == 1)
        #expect(lines.first?.contains("a Scan read 600 items and returned 2.") == true)
    }
}
