public import TallyEvents
public import TallyRuntime

extension KinesisEvent {
    /// Handles each record in the order of the shard, and answers with the first that is to come again.
    ///
    /// Lambda delivers all records again from that one on; none behind it is begun, therefore. With a concurrency above
    /// 1 the records of one partition key stay in their order, and a record that was handled may come again behind one
    /// that failed. Log, metrics and deadline are as in `SQSEvent.process`.
    ///
    /// - Important: A record that fails each time holds up its shard until the mapping's `MaximumRetryAttempts` or
    ///   `MaximumRecordAgeInSeconds`, which have no bound unless they are set. Without `ReportBatchItemFailures` in the
    ///   mapping a batch that failed counts as done. In a tumbling window the state is handed on as it came; what adds
    ///   to it is ``process(_:state:reserve:_:finish:)``.
    ///
    /// - Parameters:
    ///   - context: Of the invocation.
    ///   - concurrency: How many partition keys are handled at once; 1 or more.
    ///   - reserve: With less time left none is begun.
    ///   - handle: Handles one record.
    /// - Returns: The answer, for an event source mapping with `ReportBatchItemFailures`.
    public func process(
        _ context: Context, concurrency: Int = 1, reserve: Duration = .milliseconds(500),
        _ handle: @escaping @Sendable (Record) async throws -> Void
    ) async -> BatchResponse {
        await process(run(concurrency: concurrency), context, concurrency: concurrency, reserve: reserve, handle)
    }

    /// Decodes the content of each record from JSON and handles it, see ``process(_:concurrency:reserve:_:)``.
    public func process<Content: Decodable & Sendable>(
        _ context: Context, as type: Content.Type, concurrency: Int = 1, reserve: Duration = .milliseconds(500),
        _ handle: @escaping @Sendable (Content, Record) async throws -> Void
    ) async -> BatchResponse {
        await process(context, concurrency: concurrency, reserve: reserve) { record in
            try await handle(try UndecodableRecord.decode(Content.self, from: record.kinesis.data), record)
        }
    }

    // MARK: - Tumbling windows

    /// Handles each record of a tumbling window's batch in the order of the shard, with what those before it left as
    /// state, and answers with the state and with the first record that is to come again.
    ///
    ///     func handle(_ event: KinesisEvent, _ context: Context) async throws -> BatchResponse {
    ///         try await event.process(context, state: [String: Int]()) { counts, record in
    ///             counts[record.kinesis.partitionKey, default: 0] += 1
    ///         } finish: { counts in
    ///             try await publish(counts)
    ///         }
    ///     }
    ///
    /// What a record that fails has done to the state is dropped: the answer has the state that those before it left,
    /// and Lambda delivers the batch again from that record on, with the answer's state (AWS does not document which;
    /// any other would count records twice or not at all). A record that comes again for another reason, as when an
    /// answer is lost, is counted twice all the same. Log, metrics and deadline are as in `SQSEvent.process`.
    ///
    /// - Important: The mapping needs `ReportBatchItemFailures`, or a record that fails is passed over. A batch that
    ///   this throws for comes again as a whole until the mapping's `MaximumRetryAttempts` or
    ///   `MaximumRecordAgeInSeconds`.
    ///
    /// - Parameters:
    ///   - context: Of the invocation.
    ///   - initial: The state that a window begins with. It is coded as a JSON object of 1 MB (1,048,576 bytes) at
    ///     most, and copied for each record; an object without members counts as none.
    ///   - reserve: With less time left no record is begun.
    ///   - handle: Handles one record and changes the state.
    ///   - finish: Takes the state when all records of the window are handled, or of its part that Lambda ended early
    ///     (``KinesisEvent/isWindowTerminatedEarly``); the next batch begins with a fresh one. It comes again when it
    ///     throws.
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

    /// Decodes the content of each record from JSON and handles it, see ``process(_:state:reserve:_:finish:)``.
    public func process<Content: Decodable & Sendable, State: Codable & Sendable>(
        _ context: Context, as type: Content.Type, state initial: State, reserve: Duration = .milliseconds(500),
        _ handle: @escaping @Sendable (inout State, Content, Record) async throws -> Void,
        finish: (State) async throws -> Void = { _ in }
    ) async throws -> BatchResponse {
        try await process(
            context, state: initial, reserve: reserve,
            { state, record in
                try await handle(&state, try UndecodableRecord.decode(Content.self, from: record.kinesis.data), record)
            }, finish: finish)
    }

    private func run(concurrency: Int) -> BatchRun<Record> {
        BatchRun(stream: records, keys: records.map(\.kinesis.partitionKey), concurrency: concurrency) {
            $0.kinesis.sequenceNumber
        }
    }
}
