public import TallyWire

/// Changes of a DynamoDB table's items, from its stream.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
public struct DynamoDBEvent: Codable, Sendable, Hashable {
    /// A change of an item and where it comes from.
    public struct Record: Codable, Sendable, Hashable {
        /// The table's region.
        public let awsRegion: String?
        /// The change.
        public let dynamodb: Change
        /// The record's id.
        public let eventID: String
        /// What happened to the item.
        public let eventName: EventName
        /// The service, `aws:dynamodb`.
        public let eventSource: String?
        /// The stream.
        public let eventSourceARN: String
        /// The form of the record, such as `1.1`.
        public let eventVersion: String?
        /// Who deleted the item, when DynamoDB itself did, for its time to live.
        public let userIdentity: Identity?

        /// The table, from ``eventSourceARN``; `nil` where that is no ARN of a table's stream.
        public var tableName: String? {
            // arn:aws:dynamodb:us-east-1:123456789012:table/NAME/stream/2023-06-10T19:26:16.525
            let parts = eventSourceARN.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            guard parts.count == 6, parts[0] == "arn", parts[2] == "dynamodb" else { return nil }
            let resource = parts[5].split(separator: "/", omittingEmptySubsequences: false)
            guard resource.count == 4, resource[0] == "table", !resource[1].isEmpty, resource[2] == "stream" else {
                return nil
            }
            return String(resource[1])
        }

        /// Whether DynamoDB itself deleted the item, since its time to live was over.
        ///
        /// In the other regions of a global table such a deletion cannot be told from one of a user.
        ///
        /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html>
        public var isTimeToLiveDeletion: Bool {
            eventName == .remove && userIdentity?.type == "Service"
                && userIdentity?.principalId == "dynamodb.amazonaws.com"
        }
    }

    /// What happened to an item.
    public struct EventName: RawRepresentable, Codable, Sendable, Hashable {
        /// The name, such as `INSERT`.
        public let rawValue: String

        /// Creates a name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The item is new.
        public static let insert = EventName(rawValue: "INSERT")
        /// An attribute of the item changed.
        public static let modify = EventName(rawValue: "MODIFY")
        /// The item was deleted.
        public static let remove = EventName(rawValue: "REMOVE")
    }

    /// A change of an item.
    public struct Change: Codable, Sendable, Hashable {
        /// When the change was made, in seconds since the epoch.
        public let approximateCreationDateTime: Double?
        /// The item's key.
        public let keys: Item
        /// The item after the change, where the stream has it.
        public let newImage: Item?
        /// The item before the change, where the stream has it.
        public let oldImage: Item?
        /// The change's number, which grows within a shard.
        public let sequenceNumber: String
        /// The size of the record in bytes.
        public let sizeBytes: Int?
        /// What the stream has of an item, such as `NEW_AND_OLD_IMAGES`.
        public let streamViewType: String?

        private enum CodingKeys: String, CodingKey {
            case approximateCreationDateTime = "ApproximateCreationDateTime"
            case keys = "Keys"
            case newImage = "NewImage"
            case oldImage = "OldImage"
            case sequenceNumber = "SequenceNumber"
            case sizeBytes = "SizeBytes"
            case streamViewType = "StreamViewType"
        }

        /// When the change was made.
        public var creationTime: Timestamp? { approximateCreationDateTime.flatMap { Timestamp(seconds: $0) } }
    }

    /// Who made a change.
    public struct Identity: Codable, Sendable, Hashable {
        /// The kind of identity, `Service`.
        public let type: String?
        /// Its id, `dynamodb.amazonaws.com` for the time to live.
        public let principalId: String?
    }

    /// The changes.
    public let records: [Record]
    /// The window that the changes are in, where the mapping has tumbling windows.
    public let window: TumblingWindow?
    /// What the function answered as state for the changes before these in the window.
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
