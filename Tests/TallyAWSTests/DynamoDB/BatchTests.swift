import Foundation
import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct BatchTests {
    private let clock = FixedClock()

    private func key(_ number: Int) -> WireItem { WireItem(["pk": .string("\(number)")]) }
    private func json(_ number: Int) -> String { #"{"pk":{"S":"\#(number)"}}"# }

    private func dynamoDB(_ transport: ScriptedTransport) throws -> DynamoDB {
        DynamoDB(try .scripted(transport, clock: clock))
    }

    // MARK: - One request

    @Test func `BatchGetItem asks for the keys of several tables and returns their items`() async throws {
        let transport = ScriptedTransport(
            .status(
                200,
                #"{"Responses":{"a":[\#(json(1))],"b":[]},"UnprocessedKeys":{"b":{"Keys":[\#(json(3))]}},"#
                    + #""ConsumedCapacity":[{"TableName":"a","CapacityUnits":1.5},{"TableName":"b","CapacityUnits":1}]}"#
            ))

        let (record, snapshot) = try await recorded {
            let output = try await dynamoDB(transport).batchGetItem(
                [
                    "a": .init([key(1), key(2)], projection: Expression("#p", names: ["#p": "pk"])),
                    "b": .init([key(3)], consistentRead: true),
                ], models: [.test])
            let items = try output.items.mapValues { items in try items.map { item in try item.item() } }
            #expect(items == ["a": [["pk": .string("1")]], "b": []])
            #expect(output.unprocessedKeys.mapValues(\.keys.count) == ["b": 1])
            #expect(output.unprocessedKeys["b"]?.consistentRead == true)
        }

        #expect(
            transport.requests.first?.bodyText
                == #"{"RequestItems":{"a":{"Keys":[\#(json(1)),\#(json(2))],"ProjectionExpression":"#
                + ##""#p","ExpressionAttributeNames":{"#p":"pk"}},"b":{"Keys":[\##(json(3))],"ConsistentRead":true}},"##
                + #""ReturnConsumedCapacity":"TOTAL"}"#)
        #expect(record?.readUnits == 2.5)
        #expect(record?.itemCount == 1)
        let sizes = snapshot.statistics.attributes[.itemSize]
        #expect((sizes?.count, sizes?.sum) == (1, json(1).utf8.count))
        #expect(record?.resource == nil)
    }

    @Test func `BatchWriteItem puts and removes, and names what was not done`() async throws {
        let transport = ScriptedTransport(
            .status(
                200,
                #"{"UnprocessedItems":{"t":[{"DeleteRequest":{"Key":\#(json(2))}},{"PutRequest":{"Item":\#(json(3))}}]},"#
                    + #""ConsumedCapacity":[{"TableName":"t","CapacityUnits":1}]}"#))

        let (record, _) = try await recorded {
            let output = try await dynamoDB(transport).batchWriteItem(
                ["t": [.put(key(1)), .delete(key(2)), .put(key(3))]], models: [.test])
            let rest = try #require(output.unprocessedItems["t"])
            #expect(try rest.map { try $0.key?.item() } == [["pk": .string("2")], nil])
            #expect(try rest.map { try $0.item?.item() } == [nil, ["pk": .string("3")]])
        }

        #expect(
            transport.requests.first?.bodyText
                == #"{"RequestItems":{"t":[{"PutRequest":{"Item":\#(json(1))}},{"DeleteRequest":{"Key":\#(json(2))}},"#
                + #"{"PutRequest":{"Item":\#(json(3))}}]},"ReturnConsumedCapacity":"TOTAL"}"#)
        #expect(record?.writeUnits == 1)
        #expect(record?.itemCount == 1)
        #expect(record?.resource == "t")
    }

    @Test(arguments: [0, 26])
    func `a batch of a size that DynamoDB refuses is never sent`(count: Int) async throws {
        let transport = ScriptedTransport(.status(200))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await dynamoDB(transport).batchWriteItem(["t": (0..<count).map { .put(key($0)) }])
        }

        #expect(error?.code == .invalidRequest)
        #expect(error?.message == "one request takes 1 to 25 writes, this one has \(count).")
        #expect(transport.requests.isEmpty)
    }

    // MARK: - Any number

    /// A table that takes `capacity` writes of each request, and keeps what it took.
    private final class Throttled: Sendable {
        let taken = Mutex<[String]>([])
        let sizes = Mutex<[Int]>([])
        private let capacity: @Sendable (Int) -> Int

        init(capacity: @escaping @Sendable (Int) -> Int) {
            self.capacity = capacity
        }

        func answer(_ request: Request, _ index: Int) throws -> ScriptedTransport.Answer {
            let body = try JSONSerialization.jsonObject(with: Data(request.body.bytes ?? [])) as? [String: Any]
            let isWrite = request.target?.hasSuffix("BatchWriteItem") == true
            let tables = body?["RequestItems"] as? [String: Any] ?? [:]
            var list = (tables["t"] as? [[String: Any]]) ?? []
            if !isWrite { list = ((tables["t"] as? [String: Any])?["Keys"] as? [[String: Any]]) ?? [] }
            sizes.withLock { $0.append(list.count) }
            let count = min(capacity(index), list.count)
            for entry in list.prefix(count) {
                let item = ((entry["PutRequest"] as? [String: Any])?["Item"] as? [String: Any]) ?? entry
                taken.withLock { $0.append((item["pk"] as? [String: String])?["S"] ?? "?") }
            }
            func text(_ value: Any) throws -> String {
                String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
            }
            let rest = Array(list.dropFirst(count))
            if isWrite { return .status(200, rest.isEmpty ? "{}" : #"{"UnprocessedItems":{"t":\#(try text(rest))}}"#) }
            let unprocessed = rest.isEmpty ? "" : #","UnprocessedKeys":{"t":{"Keys":\#(try text(rest))}}"#
            return .status(200, #"{"Responses":{"t":\#(try text(Array(list.prefix(count))))}\#(unprocessed)}"#)
        }
    }

    private func transport(_ table: Throttled) -> ScriptedTransport {
        ScriptedTransport { request, index in
            (try? table.answer(request, index)) ?? .broken(.invalidRequest)
        }
    }

    private let numbers = (0..<60).map { "\($0)" }

    @Test func `a batch is one call, and each of its items has its size, once`() async throws {
        func item(_ number: Int, _ filling: Int) -> WireItem {
            WireItem(["pk": .string("\(number)"), "text": .string(String(repeating: "x", count: filling))])
        }
        let items = [item(1, 10), item(2, 200), item(3, 200), item(3, 200)]
        // The second comes back, its attributes in another order, and is put when it is sent again.
        let text = String(repeating: "x", count: 200)
        let transport = ScriptedTransport(
            .status(
                200,
                #"{"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"text":{"S":"\#(text)"},"pk":{"S":"2"}}}},"#
                    + #"{"DeleteRequest":{"Key":\#(json(9))}}]}}"#),
            .status(200, "{}"))

        let (_, snapshot) = try await recorded {
            _ = try await dynamoDB(transport).batchWrite(
                ["t": items.map { .put($0) } + [.delete(key(9))]], models: [.test])
        }

        let sizes = snapshot.statistics.attributes[.itemSize]
        #expect(snapshot.operationCount == 2)
        #expect(sizes?.count == 4)
        #expect(sizes?.sum == items.reduce(0) { $0 + $1.bytes.count })
    }

    @Test func `60 writes travel in requests of 25`() async throws {
        let table = Throttled { _ in 25 }

        let result = try await dynamoDB(transport(table)).batchWrite(["t": (0..<60).map { .put(key($0)) }])

        #expect(result.unprocessedItems.isEmpty && result.error == nil)
        #expect(table.sizes.withLock { $0 } == [25, 25, 10])
        #expect(table.taken.withLock { $0 } == numbers)
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `only what was left is sent again, after a wait, until all is written`() async throws {
        let table = Throttled { $0 == 0 ? 20 : 25 }

        let result = try await dynamoDB(transport(table)).batchWrite(["t": (0..<60).map { .put(key($0)) }])

        #expect(result.unprocessedItems.isEmpty)
        #expect(table.sizes.withLock { $0 } == [25, 25, 15])
        #expect(Set(table.taken.withLock { $0 }) == Set(numbers))
        #expect(table.taken.withLock { $0 }.count == 60)
        #expect(clock.sleeps == [.seconds(1)])
    }

    @Test func `progress begins the waits anew`() async throws {
        let table = Throttled { _ in 1 }

        let result = try await dynamoDB(transport(table)).batchWrite(["t": (0..<5).map { .put(key($0)) }])

        #expect(result.unprocessedItems.isEmpty)
        #expect(clock.sleeps == Array(repeating: .seconds(1), count: 4))
    }

    @Test func `a table that takes nothing more ends with the rest by name`() async throws {
        let table = Throttled { $0 == 0 ? 3 : 0 }

        let result = try await dynamoDB(transport(table)).batchWrite(["t": (0..<5).map { .put(key($0)) }])

        #expect(result.error == nil)
        #expect(
            try result.unprocessedItems["t"]?.map { try $0.item?.item() } == [
                ["pk": .string("3")], ["pk": .string("4")],
            ])
        #expect(clock.sleeps == [.seconds(1), .seconds(2), .seconds(4)])
    }

    @Test func `a request that fails ends with the rest by name and the reason`() async throws {
        let table = Throttled { _ in 25 }
        let denied = ScriptedTransport.Answer.status(400, #"{"__type":"AccessDeniedException"}"#)
        let transport = ScriptedTransport { request, index in
            index == 1 ? denied : (try? table.answer(request, index)) ?? denied
        }

        let result = try await dynamoDB(transport).batchWrite(["t": (0..<60).map { .put(key($0)) }])

        #expect(result.error?.code.rawValue == "AccessDeniedException")
        #expect(result.unprocessedItems["t"]?.count == 35)
        #expect(table.taken.withLock { $0 }.count == 25)
    }

    @Test func `the invocation's end leaves the rest by name`() async throws {
        let table = Throttled { _ in 0 }
        let invocation = InvocationInfo(deadline: clock.now + .milliseconds(900))

        _ = try await recorded(invocation) {
            let result = try await dynamoDB(transport(table)).batchWrite(["t": [.put(key(1))]])
            #expect(result.unprocessedItems["t"]?.count == 1)
        }

        #expect(clock.sleeps.isEmpty)
    }

    @Test func `16 MB are not exceeded by one request`() async throws {
        let table = Throttled { _ in 25 }
        let large = (0..<25).map { number in
            DynamoDB.WriteRequest.put(
                WireItem(["pk": .string("\(number)"), "x": .string(String(repeating: "x", count: 1 << 20))]))
        }

        _ = try await dynamoDB(transport(table)).batchWrite(["t": large])

        #expect(table.sizes.withLock { $0 } == [15, 10])
    }

    @Test func `150 keys travel in requests of 100, with what was left before`() async throws {
        let table = Throttled { $0 == 0 ? 60 : 100 }

        let result = try await dynamoDB(transport(table)).batchGet(["t": .init((0..<150).map(key))])

        #expect(result.unprocessedKeys.isEmpty)
        #expect(table.sizes.withLock { $0 } == [100, 90])
        #expect(result.items["t"]?.count == 150)
    }

    @Test func `keys that are never read are returned by name`() async throws {
        let table = Throttled { _ in 0 }

        let result = try await dynamoDB(transport(table)).batchGet(["t": .init([key(1)], consistentRead: true)])

        #expect(try result.unprocessedKeys["t"]?.keys.map { try $0.item() } == [["pk": .string("1")]])
        #expect(result.unprocessedKeys["t"]?.consistentRead == true)
    }
}
