public import TallyEvents
public import TallyRuntime

extension SQSEvent {
    /// Handles each message, and answers with those that are to come again.
    ///
    ///     func handle(_ event: SQSEvent, _ context: Context) async -> BatchResponse {
    ///         await event.process(context, as: Order.self, concurrency: 8) { order, message in
    ///             try await place(order)
    ///         }
    ///     }
    ///
    /// A message whose handling throws, or whose body does not decode, comes again, until the queue's redrive policy
    /// moves it to a dead-letter queue or it is too old; all others are done. Of a FIFO queue the messages of one group
    /// are handled one after another, and those behind one that failed are not begun. Near the deadline none is begun.
    /// Each failure is a warning in the log, and the invocation's line has `RecordsHandled`, `RecordsFailed`,
    /// `RecordsUndecodable` and `RecordsLeft`: an alarm on failures belongs there, since for Lambda the invocation is a
    /// success whatever failed.
    ///
    /// - Important: Without `ReportBatchItemFailures` in the event source mapping Lambda deletes all messages of the
    ///   batch, those that failed included.
    /// - Parameters:
    ///   - context: Of the invocation.
    ///   - concurrency: How many messages, or groups of a FIFO queue, are handled at once; 1 or more.
    ///   - reserve: With less time left none is begun.
    ///   - handle: Handles one message.
    /// - Returns: The answer, for an event source mapping with `ReportBatchItemFailures`.
    public func process(
        _ context: Context, concurrency: Int = 1, reserve: Duration = .milliseconds(500),
        _ handle: @escaping @Sendable (Record) async throws -> Void
    ) async -> BatchResponse {
        // Only messages of FIFO queues are numbered; a group may be told of others as well.
        let isOrdered =
            records.first?.eventSourceARN?.hasSuffix(".fifo") == true
            || records.contains { $0.attributes.sequenceNumber != nil }
        let lanes =
            isOrdered
            ? BatchRun<Record>.lanes(by: records.map { $0.attributes.messageGroupId ?? "" })
            : records.indices.map { [$0] }
        let run = BatchRun(records: records, lanes: lanes, comesAgainFromFirstFailure: false) { $0.messageId }
        return await run.response(context, concurrency: concurrency, reserve: reserve, handle)
    }

    /// Decodes the body of each message from JSON and handles it, see ``process(_:concurrency:reserve:_:)``.
    public func process<Message: Decodable & Sendable>(
        _ context: Context, as type: Message.Type, concurrency: Int = 1, reserve: Duration = .milliseconds(500),
        _ handle: @escaping @Sendable (Message, Record) async throws -> Void
    ) async -> BatchResponse {
        await process(context, concurrency: concurrency, reserve: reserve) { record in
            try await handle(try UndecodableRecord.decode(Message.self, from: Array(record.body.utf8)), record)
        }
    }
}
