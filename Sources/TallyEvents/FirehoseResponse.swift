import TallyWire

/// An answer to a ``FirehoseEvent``: what becomes of each of its records.
///
/// Source: <https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html>
public struct FirehoseResponse: Codable, Sendable, Hashable {
    /// What became of a record.
    public struct Result: RawRepresentable, Codable, Sendable, Hashable {
        /// The result's name, such as `Ok`.
        public let rawValue: String

        /// Creates a result from its name.
        ///
        /// - Parameter rawValue: The result's name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The record was transformed.
        public static let ok = Result(rawValue: "Ok")
        /// The record is not wanted.
        public static let dropped = Result(rawValue: "Dropped")
        /// The record could not be transformed.
        public static let processingFailed = Result(rawValue: "ProcessingFailed")
    }

    /// What becomes of a record.
    public struct Record: Codable, Sendable, Hashable {
        /// What Firehose does with a record beside its content.
        public struct Metadata: Codable, Sendable, Hashable {
            /// The keys that choose where in the bucket the record is put, with dynamic partitioning.
            public var partitionKeys: [String: String]

            /// Creates metadata.
            ///
            /// - Parameter partitionKeys: The keys that choose where in the bucket the record is put.
            public init(partitionKeys: [String: String]) {
                self.partitionKeys = partitionKeys
            }
        }

        /// The id of the event's record.
        public var recordId: String
        /// What became of the record.
        public var result: Result
        /// The content transformed, as base64.
        public var data: String?
        /// What Firehose does with the record beside its content.
        public var metadata: Metadata?

        /// Creates an answer for a record.
        ///
        /// - Parameters:
        ///   - recordId: The id of the event's record.
        ///   - result: What became of the record.
        ///   - bytes: The content transformed.
        ///   - metadata: What Firehose does with the record beside its content.
        public init(recordId: String, result: Result = .ok, bytes: [UInt8]? = nil, metadata: Metadata? = nil) {
            self.recordId = recordId
            self.result = result
            data = bytes.map { Base64.encode($0) }
            self.metadata = metadata
        }
    }

    /// An answer for each record.
    public var records: [Record]

    /// Creates an answer.
    ///
    /// - Parameter records: An answer for each record.
    public init(records: [Record]) {
        self.records = records
    }
}
