import Foundation
import Synchronization
import Tally
import TallyMetrics
import TallyWire
import Testing

@Suite struct BatchTests {
    private struct Failed: Error {}

    private final class Log: Sendable {
        private let all = Mutex<[Int]>([])

        func add(_ number: Int) { all.withLock { $0.append(number) } }
        var numbers: [Int] { all.withLock { $0 } }
    }

    private struct Order: Decodable {
        var number: Int
    }

    private let scope = MetricsScope()

    private func context(secondsLeft: Int = 86_400) throws -> Context {
        try Context.forTest(scope, secondsLeft: secondsLeft)
    }

    private func event<Event: Decodable>(_ records: [String]) throws -> Event {
        try JSONCoder().decode(Event.self, from: Array(#"{"Records":[\#(records.joined(separator: ","))]}"#.utf8))
    }

    private func messages(
        _ bodies: [String], queue: String = "q", group: (Int) -> String = { _ in "g" }
    ) throws -> SQSEvent {
        try event(
            bodies.enumerated().map { number, body in
                """
                {"messageId":"m\(number)","receiptHandle":"h","body":"\(body.replacingOccurrences(of: "\"", with: "\\\""))",\
                "attributes":{"MessageGroupId":"\(group(number))"},"eventSourceARN":"arn:aws:sqs:us-east-1:1:\(queue)"}
                """
            })
    }

    private func records(_ keys: [String]) throws -> KinesisEvent {
        try event(
            keys.enumerated().map { number, key in
                """
                {"eventID":"s:\(number)","eventSourceARN":"arn","kinesis":{"partitionKey":"\(key)","sequenceNumber":"\(number)",\
                "data":"\(Base64.encode(Array(#"{"number":\#(number)}"#.utf8)))","approximateArrivalTimestamp":1.5}}
                """
            })
    }

    private func counts() -> [Double] {
        ["RecordsHandled", "RecordsFailed", "RecordsUndecodable", "RecordsLeft"].map {
            InvocationMetrics(of: scope).values(of: $0).first ?? -1
        }
    }

    @Test(arguments: [1, 4])
    func `messages that fail or do not decode come again, all others are done`(concurrency: Int) async throws {
        let event = try messages([#"{"number":0}"#, "{", #"{"number":2}"#, #"{"number":"x"}"#, #"{"number":4}"#])
        let handled = Mutex<Set<Int>>([])

        let response = await event.process(try context(), as: Order.self, concurrency: concurrency) { order, record in
            if order.number == 2 { throw Failed() }
            handled.withLock { _ = $0.insert(order.number) }
        }

        #expect(response == BatchResponse(failures: ["m1", "m2", "m3"]))
        #expect(handled.withLock { $0 } == [0, 4])
        #expect(counts() == [2, 1, 2, 0])
        #expect(
            String(decoding: try JSONCoder().encode(response), as: UTF8.self)
                == #"{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m2"},{"itemIdentifier":"m3"}]}"#)
    }

    @Test(arguments: [1, 3])
    func `of a FIFO queue nothing of a group is begun behind a message that failed`(concurrency: Int) async throws {
        // Groups 0, 1, 2, 0, 1, 2, …
        let event = try messages((0..<9).map { "\($0)" }, queue: "orders.fifo") { "\($0 % 3)" }
        let begun = Mutex<[Int]>([])

        let response = await event.process(try context(), concurrency: concurrency) { record in
            let number = Int(record.body) ?? -1
            begun.withLock { $0.append(number) }
            await Task.yield()
            if number == 4 { throw Failed() }
        }

        #expect(response == BatchResponse(failures: ["m4", "m7"]))
        let order = begun.withLock { $0 }
        #expect(Set(order) == [0, 1, 2, 3, 4, 5, 6, 8])
        for group in 0..<3 { #expect(order.filter { $0 % 3 == group } == order.filter { $0 % 3 == group }.sorted()) }
        #expect(counts() == [7, 1, 0, 1])
    }

    @Test func `messages with numbers are of a FIFO queue, though nobody says which`() async throws {
        let event: SQSEvent = try event(
            (0..<3).map {
                #"{"messageId":"m\#($0)","receiptHandle":"h","body":"","attributes":{"MessageGroupId":"g","SequenceNumber":"\#($0)"}}"#
            })

        let response = await event.process(try context()) { _ in throw Failed() }

        #expect(response == BatchResponse(failures: ["m0", "m1", "m2"]))
        #expect(counts() == [0, 1, 0, 2])
    }

    @Test func `a stream's batch ends at the first record that fails, which is where it begins again`() async throws {
        let handled = Mutex<[Int]>([])

        let response = await (try records(Array(repeating: "k", count: 6))).process(try context(), as: Order.self) {
            order, _ in
            if order.number == 3 { throw Failed() }
            handled.withLock { $0.append(order.number) }
        }

        #expect(response == BatchResponse(failures: ["3"]))
        #expect(handled.withLock { $0 } == [0, 1, 2])
        #expect(counts() == [3, 1, 0, 2])
    }

    @Test func `with several at once the records of a key keep their order, and the earliest that is not done is told`()
        async throws
    {
        let keys = (0..<40).map { "\($0 % 5)" }
        let begun = Mutex<[Int]>([])

        let response = await (try records(keys)).process(try context(), as: Order.self, concurrency: 3) { order, _ in
            begun.withLock { $0.append(order.number) }
            await Task.yield()
            if order.number == 17 || order.number == 23 { throw Failed() }
        }

        let order = begun.withLock { $0 }
        for key in 0..<5 { #expect(order.filter { $0 % 5 == key } == order.filter { $0 % 5 == key }.sorted()) }
        #expect(response.batchItemFailures.count == 1)
        let first = try #require(response.batchItemFailures.first.flatMap { Int($0.itemIdentifier) })
        // What was not begun since something before it had failed comes again as well.
        #expect(first <= 17)
        #expect(counts().reduce(0, +) == 40)
    }

    @Test func `behind a record that failed nothing of another key is begun either`() async throws {
        let begun = Log()
        let response = await (try records(["a", "b", "c"])).process(try context(), as: Order.self, concurrency: 2) {
            order, _ in
            begun.add(order.number)
            if order.number == 0 {
                while !begun.numbers.contains(1) { await Task.yield() }
                throw Failed()
            }
            // Long enough for the failure to be entered before this key's turn ends.
            for _ in 0..<10_000 { await Task.yield() }
        }

        #expect(Set(begun.numbers) == [0, 1])
        #expect(response == BatchResponse(failures: ["0"]))
        #expect(counts() == [1, 1, 0, 1])
    }

    @Test func `near the deadline nothing is begun, and all of it comes again`() async throws {
        let response = await (try messages(["a", "b"])).process(try context(secondsLeft: 0)) { _ in
            Issue.record("begun without time")
        }

        #expect(response == BatchResponse(failures: ["m0", "m1"]))
        #expect(counts() == [0, 0, 0, 2])
    }

    @Test func `a handler that is cancelled begins nothing more`() async throws {
        let event = try messages((0..<5).map { "\($0)" })
        let context = try context()
        let begun = Log()
        let response = await withTaskGroup(of: BatchResponse.self) { group in
            group.addTask {
                await event.process(context) { _ in
                    begun.add(0)
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            return await group.next() ?? BatchResponse()
        }

        #expect(begun.numbers == [0])
        #expect(response.batchItemFailures.map(\.itemIdentifier) == ["m1", "m2", "m3", "m4"])
    }

    @Test func `changes of one item keep their order`() async throws {
        let event: DynamoDBEvent = try event(
            (0..<20).map {
                """
                {"eventID":"e","eventName":"MODIFY","eventSourceARN":"arn","dynamodb":{"SequenceNumber":"\($0)",\
                "Keys":{"pk":{"S":"\($0 % 2)"},"sk":{"N":"1"}}}}
                """
            })
        let begun = Mutex<[Int]>([])

        let response = await event.process(try context(), concurrency: 4) { record in
            begun.withLock { $0.append(Int(record.dynamodb.sequenceNumber) ?? -1) }
            await Task.yield()
        }

        #expect(response == BatchResponse())
        let order = begun.withLock { $0 }
        for item in 0..<2 { #expect(order.filter { $0 % 2 == item } == order.filter { $0 % 2 == item }.sorted()) }
        #expect(order.count == 20)
    }

    @Test func `a batch of a window hands the state on as it came`() async throws {
        let window = #""window":{"start":"2020-12-09T07:04:00Z","end":"2020-12-09T07:06:00Z"}"#
        let json = #"{"Records":[],\#(window),"state":{"a":1.50}}"#
        let kinesis = try JSONCoder().decode(KinesisEvent.self, from: Array(json.utf8))
        let changes = try JSONCoder().decode(DynamoDBEvent.self, from: Array(json.utf8))
        let fresh = try JSONCoder().decode(KinesisEvent.self, from: Array(#"{"Records":[],\#(window)}"#.utf8))

        #expect(await kinesis.process(try context()) { _ in } == BatchResponse(state: ["a": .number("1.50")]))
        #expect(await changes.process(try context()) { _ in } == BatchResponse(state: ["a": .number("1.50")]))
        #expect(await fresh.process(try context()) { _ in } == BatchResponse(state: [:]))
    }

    @Test func `no concurrency at all ends the process with a message`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let event = try JSONCoder().decode(SQSEvent.self, from: Array(#"{"Records":[]}"#.utf8))
            _ = await event.process(try Context.forTest(MetricsScope()), concurrency: 0) { _ in }
        }

        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("process: the concurrency is 0. Use 1 or more"))
    }

    @Test func `an empty batch is done`() async throws {
        #expect(await (try messages([])).process(try context()) { _ in } == BatchResponse())
        #expect(counts() == [0, 0, 0, 0])
    }
}
