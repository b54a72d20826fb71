public import TallyEvents
public import TallyRuntime

extension KinesisEvent {
    /// Handles each record in the order of the shard, and answers with the first that is to come again.
    ///
    /// Lambda delivers all records again from that one on; none behind it is begun, therefore. With a concurrency above 1
    /// the records of one partition key stay in their order, and a record that was handled may come again behind one that
    /// failed. All else is as in `SQSEvent.process`.
    ///
    /// - Parameters:
    ///   - context: Of the invocation.
    ///   - concurrency: How many partition keys are handled at once.
    ///   - reserve: With less time left none is begun.
    ///   - handle: Handles one record.
    /// - Returns: The answer, for an event source mapping with `ReportBatchItemFailures`.
    public func process(
        _ context: Context, concurrency: Int = 1, reserve: Duration = .milliseconds(500),
        _ handle: @escaping @Sendable (Record) async throws -> Void
    ) async -> BatchResponse {
        let keys = concurrency > 1 ? records.map(\.kinesis.partitionKey) : records.map { _ in "" }
        let run = BatchRun(
            records: records, lanes: BatchRun<Record>.lanes(by: keys), comesAgainFromFirstFailure: true
        ) { $0.kinesis.sequenceNumber }
        return await run.response(context, concurrency: concurrency, reserve: reserve, handle)
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
}
