import Synchronization
import TallyEvents
import TallyRuntime
import TallyWire

/// A stream's batch, which may be one of several in a tumbling window.
protocol WindowedEvent: Sendable {
    var window: TumblingWindow? { get }
    var state: [String: JSONValue]? { get }
    var isFinalInvokeForWindow: Bool? { get }
    var isWindowTerminatedEarly: Bool? { get }
}

extension DynamoDBEvent: WindowedEvent {}
extension KinesisEvent: WindowedEvent {}

extension WindowedEvent {
    /// Handles the records of a batch, and hands the state of its window on as it came.
    func process<Record>(
        _ run: BatchRun<Record>, _ context: Context, concurrency: Int, reserve: Duration,
        _ handle: @escaping @Sendable (Record) async throws -> Void
    ) async -> BatchResponse {
        var response = await run.response(context, concurrency: concurrency, reserve: reserve, handle)
        if window != nil { response.state = state ?? [:] }
        return response
    }

    /// Handles the records of a window's batch one after another, each with what those before it left as state.
    func process<Record, State: Codable & Sendable>(
        _ run: BatchRun<Record>, _ context: Context, state initial: State, reserve: Duration,
        _ handle: @escaping @Sendable (inout State, Record) async throws -> Void, finish: (State) async throws -> Void
    ) async throws -> BatchResponse {
        let current = CurrentState(try decodedState() ?? initial)
        var response = await run.response(context, concurrency: 1, reserve: reserve) { record in
            // A copy: what a record that fails has done to it must not be there when the record comes again.
            var state = current.value
            try await handle(&state, record)
            current.value = state
        }
        let state = current.value
        // After either the next batch begins with a fresh state.
        let isLast = isFinalInvokeForWindow == true || isWindowTerminatedEarly == true
        guard isLast, response.batchItemFailures.isEmpty else {
            response.state = try encoded(state)
            return response
        }
        try await finish(state)
        response.state = [:]
        return response
    }

    /// What the batches before left; `nil` in the first of a window.
    private func decodedState<State: Decodable>() throws -> State? {
        guard window != nil else {
            throw WindowError(
                .noWindow,
                "the event has none, and nothing would keep the state. Set TumblingWindowInSeconds in the event source "
                    + "mapping, or process without state")
        }
        // Lambda begins a window with an empty object.
        guard let state, !state.isEmpty else { return nil }
        do {
            return try JSONCoder().decode(State.self, from: JSONCoder().encode(state))
        } catch let error as JSONDecodingError {
            throw WindowError(
                .unexpectedState,
                "the state is not what the function expects (\(error)). Let a new version of a function read what the "
                    + "one before it wrote")
        }
    }

    private func encoded(_ state: some Encodable) throws -> [String: JSONValue] {
        let json = try JSONCoder().encode(state)
        guard json.count <= maximumStateByteCount else {
            throw WindowError(
                .stateTooLarge,
                "the state has \(json.count) bytes of JSON, and Lambda takes \(maximumStateByteCount). Keep less in "
                    + "it, or make the window shorter")
        }
        guard case .object(let members) = try JSONValue(json: json) else {
            throw WindowError(
                .unsuitableState,
                "the state is no JSON object. Use a struct, or a dictionary whose keys are String or Int")
        }
        return members
    }
}

/// The largest state of a window: 1 MB for a shard, which is taken for the megabyte of Lambda's other limits.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html>
private let maximumStateByteCount = 1 << 20

/// The state as far as it is known.
private final class CurrentState<State: Sendable>: Sendable {
    private let state: Mutex<State>

    init(_ state: State) {
        self.state = Mutex(state)
    }

    var value: State {
        get { state.withLock(\.self) }
        set { state.withLock { $0 = newValue } }
    }
}
