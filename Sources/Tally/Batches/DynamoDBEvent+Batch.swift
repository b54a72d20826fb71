public import TallyEvents
public import TallyRuntime

extension DynamoDBEvent {
    /// Handles each change in the order of the stream, and answers with the first that is to come again.
    ///
    /// Lambda delivers all changes again from that one on; none behind it is begun, therefore. With a concurrency above 1
    /// the changes of one item stay in their order, and a change that was handled may come again behind one that failed.
    /// All else is as in `SQSEvent.process`.
    ///
    /// - Parameters:
    ///   - context: Of the invocation.
    ///   - concurrency: How many items' changes are handled at once.
    ///   - reserve: With less time left none is begun.
    ///   - handle: Handles one change.
    /// - Returns: The answer, for an event source mapping with `ReportBatchItemFailures`.
    public func process(
        _ context: Context, concurrency: Int = 1, reserve: Duration = .milliseconds(500),
        _ handle: @escaping @Sendable (Record) async throws -> Void
    ) async -> BatchResponse {
        let keys =
            concurrency > 1
            ? records.map { $0.dynamodb.keys.sorted { $0.key < $1.key }.map { "\($0)" }.joined(separator: "\n") }
            : records.map { _ in "" }
        let run = BatchRun(
            records: records, lanes: BatchRun<Record>.lanes(by: keys), comesAgainFromFirstFailure: true
        ) { $0.dynamodb.sequenceNumber }
        return await run.response(context, concurrency: concurrency, reserve: reserve, handle)
    }
}
