import Synchronization
import Tally
import TallyMetrics
import TallyWire
import Testing

/// Batches of tumbling windows, whose state goes from one to the next.
@Suite struct WindowTests {
    private struct Failed: Error {}

    private struct Totals: Codable, Equatable {
        var sum = 0
        var numbers: [Int] = []
    }

    private struct Content: Decodable {
        var number: Int
    }

    private final class Finished: Sendable {
        private let all = Mutex<[Totals]>([])

        func add(_ totals: Totals) { all.withLock { $0.append(totals) } }
        var totals: [Totals] { all.withLock(\.self) }
    }

    private func context(secondsLeft: Int = 86_400) throws -> Context {
        try Context.forTest(MetricsScope(), secondsLeft: secondsLeft)
    }

    /// Records with these numbers, in a window.
    private func batch(
        _ numbers: [Int], state: String = "{}", isFinal: Bool = false, isEarly: Bool = false
    ) throws -> KinesisEvent {
        let records = numbers.map {
            let data = Base64.encode(Array(#"{"number":\#($0)}"#.utf8))
            return """
                {"eventID":"e","eventSourceARN":"arn","kinesis":{"partitionKey":"k","sequenceNumber":"\($0)",\
                "data":"\(data)","approximateArrivalTimestamp":1.5}}
                """
        }
        let json = """
            {"Records":[\(records.joined(separator: ","))],"state":\(state),"isFinalInvokeForWindow":\(isFinal),\
            "isWindowTerminatedEarly":\(isEarly),"window":{"start":"2020-12-09T07:04:00Z","end":"2020-12-09T07:06:00Z"}}
            """
        return try JSONCoder().decode(KinesisEvent.self, from: Array(json.utf8))
    }

    /// Adds the numbers up; that which is `failing` throws once it has changed the state.
    private func process(
        _ event: KinesisEvent, failing: Int? = nil, finished: Finished = Finished()
    ) async throws -> BatchResponse {
        try await event.process(try context(), as: Content.self, state: Totals()) { totals, content, _ in
            totals.sum += content.number
            totals.numbers.append(content.number)
            if content.number == failing { throw Failed() }
        } finish: {
            finished.add($0)
        }
    }

    private func text(_ response: BatchResponse) throws -> String {
        String(decoding: try JSONCoder().encode(response), as: UTF8.self)
    }

    /// The state of an answer, as Lambda hands it to the next batch.
    private func state(_ response: BatchResponse) throws -> String {
        String(decoding: try JSONCoder().encode(response.state), as: UTF8.self)
    }

    // MARK: - From batch to batch

    @Test func `the state goes from one batch of a window to the next, and at its end to whom it is for`() async throws
    {
        let finished = Finished()
        let first = try await process(try batch([1, 2]), finished: finished)
        let second = try await process(try batch([3], state: state(first)), finished: finished)
        #expect(finished.totals.isEmpty)

        let last = try await process(try batch([4], state: state(second), isFinal: true), finished: finished)

        #expect(finished.totals == [Totals(sum: 10, numbers: [1, 2, 3, 4])])
        #expect(second.batchItemFailures.isEmpty)
        #expect(try JSONCoder().decode(Totals.self, from: Array(state(second).utf8)).sum == 6)
        #expect(try text(last) == #"{"batchItemFailures":[],"state":{}}"#)
    }

    @Test func `what a record that fails has done to the state is dropped`() async throws {
        let response = try await process(try batch([1, 2, 3, 4]), failing: 3)

        #expect(response.batchItemFailures.map(\.itemIdentifier) == ["3"])
        #expect(
            try JSONCoder().decode(Totals.self, from: Array(state(response).utf8)) == Totals(sum: 3, numbers: [1, 2]))
    }

    @Test func `a window with a record that failed is not at its end yet`() async throws {
        let finished = Finished()
        let failed = try await process(try batch([1, 2], isFinal: true), failing: 2, finished: finished)
        #expect(finished.totals.isEmpty)

        let again = try await process(try batch([2], state: state(failed), isFinal: true), finished: finished)

        #expect(again.batchItemFailures.isEmpty)
        #expect(finished.totals == [Totals(sum: 3, numbers: [1, 2])])
    }

    @Test func `a window that Lambda ends early has an end too, since the next batch begins anew`() async throws {
        let finished = Finished()

        let response = try await process(
            try batch([], state: #"{"sum":7,"numbers":[7]}"#, isEarly: true), finished: finished)

        #expect(finished.totals == [Totals(sum: 7, numbers: [7])])
        #expect(response == BatchResponse(state: [:]))
    }

    @Test func `an end that throws is the batch's failure, so that it comes again`() async throws {
        let event = try batch([1], isFinal: true)

        await #expect(throws: Failed.self) {
            try await event.process(try context(), state: Totals()) { _, _ in
            } finish: { _ in
                throw Failed()
            }
        }
    }

    @Test func `near the deadline the state is as it came, and all records come again`() async throws {
        let event = try batch([1, 2], state: #"{"sum":5,"numbers":[]}"#, isFinal: true)

        let response = try await event.process(try context(secondsLeft: 0), state: Totals()) { _, _ in
            Issue.record("begun without time")
        } finish: { _ in
            Issue.record("ended without time")
        }

        #expect(response.batchItemFailures.map(\.itemIdentifier) == ["1"])
        #expect(response.state == ["sum": .number("5"), "numbers": .array([])])
    }

    @Test func `changes of a table have windows as well`() async throws {
        let json = """
            {"Records":[{"eventID":"e","eventName":"INSERT","eventSourceARN":"arn","dynamodb":{"SequenceNumber":"1",\
            "Keys":{"pk":{"S":"a"}}}}],"window":{"start":"2020-12-09T07:04:00Z","end":"2020-12-09T07:06:00Z"},\
            "state":{"INSERT":2}}
            """
        let event = try JSONCoder().decode(DynamoDBEvent.self, from: Array(json.utf8))

        let response = try await event.process(try context(), state: [String: Int]()) { counts, record in
            counts[record.eventName.rawValue, default: 0] += 1
        }

        #expect(response == BatchResponse(state: ["INSERT": .number("3")]))
    }

    // MARK: - What is refused

    private func failure(_ body: () async throws -> BatchResponse) async -> WindowError? {
        await #expect(throws: WindowError.self) { try await body() }
    }

    @Test func `without a window the state would be lost, and nothing is begun`() async throws {
        let event = try JSONCoder().decode(KinesisEvent.self, from: Array(#"{"Records":[]}"#.utf8))

        let error = await failure {
            try await event.process(try context(), state: Totals()) { _, _ in Issue.record("begun without a window") }
        }

        #expect(error?.code == .noWindow)
    }

    @Test func `a state that another version of the function wrote is told by its place, and no value`() async throws {
        let event = try batch([1], state: #"{"sum":"secret","numbers":[]}"#)

        let error = await failure { try await process(event) }

        #expect(error?.code == .unexpectedState)
        #expect(error?.message.contains("(sum: expected Int, found a string; {") == true)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test func `a state of a megabyte fits, and one byte more does not`() async throws {
        let event = try batch([1])
        // {"":"…"}
        let fitting = [String: String](dictionaryLiteral: ("", String(repeating: "x", count: 1_048_576 - 7)))

        let response = try await event.process(try context(), state: fitting) { _, _ in }
        let error = await failure {
            try await event.process(try context(), state: fitting) { state, _ in state["", default: ""] += "x" }
        }

        #expect(try JSONCoder().encode(response.state).count == 1_048_576)
        #expect(error?.code == .stateTooLarge)
        #expect(error?.message.contains("the state has 1048577 bytes of JSON, and Lambda takes 1048576.") == true)
    }

    @Test func `a state that is no object is refused`() async throws {
        let event = try batch([1])

        let error = await failure { try await event.process(try context(), state: [1]) { _, _ in } }

        #expect(error?.code == .unsuitableState)
    }
}
