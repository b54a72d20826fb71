public import TallyWire

/// Records of a Kinesis data stream.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html>
public struct KinesisEvent: Codable, Sendable, Hashable {
    /// A record and where it comes from.
    public struct Record: Codable, Sendable, Hashable {
        /// The record.
        public let kinesis: Payload
        /// The service, `aws:kinesis`.
        public let eventSource: String?
        /// The shard and the sequence number, joined by a colon.
        public let eventID: String
        /// The role that reads the stream.
        public let invokeIdentityArn: String?
        /// The form of the record, such as `1.0`.
        public let eventVersion: String?
        /// The kind of event, `aws:kinesis:record`.
        public let eventName: String?
        /// The stream, or the consumer of it.
        public let eventSourceARN: String
        /// The stream's region.
        public let awsRegion: String?
    }

    /// A record.
    public struct Payload: Codable, Sendable, Hashable {
        /// What chose the shard.
        public let partitionKey: String
        /// The form of this value, such as `1.0`.
        public let kinesisSchemaVersion: String?
        /// The content.
        public let data: [UInt8]
        /// The record's number, which grows within a shard.
        public let sequenceNumber: String
        /// When the stream got the record, in seconds since the epoch.
        public let approximateArrivalTimestamp: Double
        /// How the record is encrypted in the stream.
        public let encryptionType: String?

        private enum CodingKeys: String, CodingKey {
            case partitionKey, kinesisSchemaVersion, data, sequenceNumber, approximateArrivalTimestamp, encryptionType
        }

        /// Decodes a record.
        ///
        /// - Parameter decoder: Has the record.
        /// - Throws: `DecodingError` where it is none, and for content that is not base64.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            partitionKey = try container.decode(String.self, forKey: .partitionKey)
            kinesisSchemaVersion = try container.decodeIfPresent(String.self, forKey: .kinesisSchemaVersion)
            data = try container.decodeBase64(forKey: .data)
            sequenceNumber = try container.decode(String.self, forKey: .sequenceNumber)
            approximateArrivalTimestamp = try container.decode(Double.self, forKey: .approximateArrivalTimestamp)
            encryptionType = try container.decodeIfPresent(String.self, forKey: .encryptionType)
        }

        /// Encodes the record.
        ///
        /// - Parameter encoder: Takes the record.
        /// - Throws: What the encoder throws.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(partitionKey, forKey: .partitionKey)
            try container.encodeIfPresent(kinesisSchemaVersion, forKey: .kinesisSchemaVersion)
            try container.encode(Base64.encode(data), forKey: .data)
            try container.encode(sequenceNumber, forKey: .sequenceNumber)
            try container.encode(approximateArrivalTimestamp, forKey: .approximateArrivalTimestamp)
            try container.encodeIfPresent(encryptionType, forKey: .encryptionType)
        }

        /// When the stream got the record, to the microsecond.
        public var arrivalTime: Timestamp? { Timestamp(seconds: approximateArrivalTimestamp) }
    }

    /// The records.
    public let records: [Record]
    /// The window that the records are in, where the mapping has tumbling windows.
    public let window: TumblingWindow?
    /// What the function answered as state for the records before these in the window.
    public let state: [String: JSONValue]?
    /// The shard, with tumbling windows.
    public let shardId: String?
    /// The stream, with tumbling windows.
    public let eventSourceARN: String?
    /// Whether the window is complete.
    public let isFinalInvokeForWindow: Bool?
    /// Whether the window was ended since its state had become too large.
    public let isWindowTerminatedEarly: Bool?

    private enum CodingKeys: String, CodingKey {
        case records = "Records"
        case window, state, shardId, eventSourceARN, isFinalInvokeForWindow, isWindowTerminatedEarly
    }
}
