public import TallyEvents
public import TallyRuntime

extension DynamoDBEvent {
    /// Handles each change in the order of the stream, and answers with the first that is to come again.
    ///
    /// Lambda delivers all changes again from that one on; none behind it is begun, therefore. With a concurrency above
    /// 1 the changes of one item stay in their order, and a change that was handled may come again behind one that
    /// failed. Log, metrics and deadline are as in `SQSEvent.process`.
    ///
    /// - Important: A change that fails each time holds up its shard until the mapping's `MaximumRetryAttempts` or
    ///   `MaximumRecordAgeInSeconds`, which have no bound unless they are set. Without `ReportBatchItemFailures` in the
    ///   mapping a batch that failed counts as done. In a tumbling window the state is handed on as it came; what adds
    ///   to it is ``process(_:state:reserve:_:finish:)``.
    ///
    /// - Parameters:
    ///   - context: Of the invocation.
    ///   - concurrency: How many items' changes are handled at once; 1 or more.
    ///   - reserve: With less time left none is begun.
    ///   - handle: Handles one change.
    /// - Returns: The answer, for an event source mapping with `ReportBatchItemFailures`.
    public func process(
        _ context: Context, concurrency: Int = 1, reserve: Duration = .milliseconds(500),
        _ handle: @escaping @Sendable (Record) async throws -> Void
    ) async -> BatchResponse {
        await process(run(concurrency: concurrency), context, concurrency: concurrency, reserve: reserve, handle)
    }

    /// Handles each change of a tumbling window's batch in the order of the stream, with what those before it left as
    /// state, and answers with the state and with the first change that is to come again.
    ///
    ///     func handle(_ event: DynamoDBEvent, _ context: Context) async throws -> BatchResponse {
    ///         try await event.process(context, state: Totals()) { totals, record in
    ///             let change = try await store.change(of: record, as: Document.self)
    ///             totals.add(change)
    ///         } finish: { totals in
    ///             try await publish(totals)
    ///         }
    ///     }
    ///
    /// What becomes of the state when a change fails, when `finish` is called, and what of the state has to fit, is as
    /// in `KinesisEvent.process`.
    ///
    /// - Important: The mapping needs `ReportBatchItemFailures`, or a change that fails is passed over. A batch that
    ///   this throws for comes again as a whole until the mapping's `MaximumRetryAttempts` or
    ///   `MaximumRecordAgeInSeconds`.
    ///
    /// - Parameters:
    ///   - context: Of the invocation.
    ///   - initial: The state that a window begins with, coded as a JSON object of 1 MB (1,048,576 bytes) at most.
    ///   - reserve: With less time left no change is begun.
    ///   - handle: Handles one change and changes the state.
    ///   - finish: Takes the state when all changes of the window are handled, or of its part that Lambda ended early.
    /// - Returns: The answer, for an event source mapping with `ReportBatchItemFailures`.
    /// - Throws: ``WindowError`` without a window, for a state that is too large, no object or not what `State`
    ///   expects; what `finish` and the state's own encoding throw.
    public func process<State: Codable & Sendable>(
        _ context: Context, state initial: State, reserve: Duration = .milliseconds(500),
        _ handle: @escaping @Sendable (inout State, Record) async throws -> Void,
        finish: (State) async throws -> Void = { _ in }
    ) async throws -> BatchResponse {
        try await process(run(concurrency: 1), context, state: initial, reserve: reserve, handle, finish: finish)
    }

    private func run(concurrency: Int) -> BatchRun<Record> {
        BatchRun(stream: records, keys: records.map(\.dynamodb.keys), concurrency: concurrency) {
            $0.dynamodb.sequenceNumber
        }
    }
}
