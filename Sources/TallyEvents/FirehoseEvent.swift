public import TallyWire

/// Records that Data Firehose has transformed before it delivers them.
///
/// Source: <https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html>
public struct FirehoseEvent: Codable, Sendable, Hashable {
    /// A record.
    public struct Record: Codable, Sendable, Hashable {
        /// Where a record of a Kinesis data stream comes from.
        public struct KinesisMetadata: Codable, Sendable, Hashable {
            /// The record's number, which grows within a shard.
            public let sequenceNumber: String?
            /// The record's number within an aggregate of the producer library.
            public let subsequenceNumber: String?
            /// What chose the shard.
            public let partitionKey: String?
            /// The shard.
            public let shardId: String?
            /// When the data stream got the record, in milliseconds since the epoch.
            public let approximateArrivalTimestamp: Int?
        }

        /// The record's id, which the answer repeats.
        public let recordId: String
        /// When Firehose got the record, in milliseconds since the epoch.
        public let approximateArrivalTimestamp: Int
        /// Where the record comes from, with a Kinesis data stream as source.
        public let kinesisRecordMetadata: KinesisMetadata?
        /// The content.
        public let data: [UInt8]

        private enum CodingKeys: String, CodingKey {
            case recordId, approximateArrivalTimestamp, kinesisRecordMetadata, data
        }

        /// Decodes a record.
        ///
        /// - Parameter decoder: Has the record.
        /// - Throws: `DecodingError` where it is none, and for content that is not base64.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            recordId = try container.decode(String.self, forKey: .recordId)
            approximateArrivalTimestamp = try container.decode(Int.self, forKey: .approximateArrivalTimestamp)
            kinesisRecordMetadata = try container.decodeIfPresent(
                KinesisMetadata.self, forKey: .kinesisRecordMetadata)
            data = try container.decodeBase64(forKey: .data)
        }

        /// Encodes the record.
        ///
        /// - Parameter encoder: Takes the record.
        /// - Throws: What the encoder throws.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(recordId, forKey: .recordId)
            try container.encode(approximateArrivalTimestamp, forKey: .approximateArrivalTimestamp)
            try container.encodeIfPresent(kinesisRecordMetadata, forKey: .kinesisRecordMetadata)
            try container.encode(Base64.encode(data), forKey: .data)
        }

        /// When Firehose got the record.
        public var arrivalTime: Timestamp { Timestamp(milliseconds: Int64(approximateArrivalTimestamp)) }
    }

    /// The id of the invocation, the same when it is repeated.
    public let invocationId: String
    /// The stream.
    public let deliveryStreamArn: String?
    /// The Kinesis data stream that is the source.
    public let sourceKinesisStreamArn: String?
    /// The stream's region.
    public let region: String?
    /// The records.
    public let records: [Record]
}
