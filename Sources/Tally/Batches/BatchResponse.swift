public import TallyWire

/// What a function answers to a batch: the records that are to come again.
///
/// Lambda looks at it where the event source mapping has `ReportBatchItemFailures` among its `FunctionResponseTypes`;
/// without that, a batch whose function answers at all counts as done.
///
/// Source:
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting>
public struct BatchResponse: Codable, Sendable, Hashable {
    /// A record that is to come again.
    public struct ItemFailure: Codable, Sendable, Hashable {
        /// The id of a message, or the sequence number of a stream's record.
        public var itemIdentifier: String

        /// Creates the report of a record.
        ///
        /// - Parameter itemIdentifier: The id of a message, or the sequence number of a stream's record.
        public init(itemIdentifier: String) {
            self.itemIdentifier = itemIdentifier
        }
    }

    /// The records that are to come again; none when the whole batch is done.
    public var batchItemFailures: [ItemFailure]
    /// What the next batch of the tumbling window is to find as its state; without it a batch of a window counts as
    /// failed.
    public var state: [String: JSONValue]?

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - failures: The ids or sequence numbers of the records that are to come again.
    ///   - state: What the next batch of the tumbling window is to find as its state.
    public init(failures: [String] = [], state: [String: JSONValue]? = nil) {
        batchItemFailures = failures.map(ItemFailure.init)
        self.state = state
    }
}
