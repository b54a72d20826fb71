public import TallyWire

/// What happened to objects of an S3 bucket.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>
public struct S3Event: Codable, Sendable, Hashable {
    /// What happened to an object.
    public struct Record: Codable, Sendable, Hashable {
        /// The form of the record, such as `2.1`.
        public let eventVersion: String?
        /// The service, `aws:s3`.
        public let eventSource: String?
        /// The bucket's region.
        public let awsRegion: String?
        /// When S3 had finished the request, in ISO 8601.
        public let eventTime: String
        /// What happened, such as `ObjectCreated:Put`.
        public let eventName: EventName
        /// Who caused it.
        public let userIdentity: Identity?
        /// Where the request came from.
        public let requestParameters: RequestParameters?
        /// S3's ids of the request: `x-amz-request-id` and `x-amz-id-2`.
        public let responseElements: [String: String]?
        /// The object and its bucket.
        public let s3: Entity
        /// The restored copy, of `ObjectRestore:Completed`.
        public let glacierEventData: GlacierEventData?
        /// The replication, of `Replication:…`.
        public let replicationEventData: ReplicationEventData?
        /// The tier, of `IntelligentTiering`.
        public let intelligentTieringEventData: IntelligentTieringEventData?
        /// The transition, of `LifecycleTransition`.
        public let lifecycleEventData: LifecycleEventData?

        /// When S3 had finished the request.
        public var timestamp: Timestamp? { Timestamp(iso8601: eventTime) }
    }

    /// What happened to an object.
    public struct EventName: RawRepresentable, Codable, Sendable, Hashable {
        /// The event's name, without the `s3:` of a notification's configuration.
        public let rawValue: String

        /// Creates a name of an event.
        ///
        /// - Parameter rawValue: The event's name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The object was put.
        public static let objectCreatedPut = EventName(rawValue: "ObjectCreated:Put")
        /// The object was posted by a form.
        public static let objectCreatedPost = EventName(rawValue: "ObjectCreated:Post")
        /// The object was copied.
        public static let objectCreatedCopy = EventName(rawValue: "ObjectCreated:Copy")
        /// A multipart upload was completed.
        public static let objectCreatedCompleteMultipartUpload = EventName(
            rawValue: "ObjectCreated:CompleteMultipartUpload")
        /// The object or one of its versions was deleted.
        public static let objectRemovedDelete = EventName(rawValue: "ObjectRemoved:Delete")
        /// The object got a delete marker.
        public static let objectRemovedDeleteMarkerCreated = EventName(rawValue: "ObjectRemoved:DeleteMarkerCreated")

        /// Whether the object is new or has new content.
        public var isCreation: Bool { rawValue.hasPrefix("ObjectCreated:") }
        /// Whether the object was deleted by a request.
        public var isRemoval: Bool { rawValue.hasPrefix("ObjectRemoved:") }
    }

    /// A user or service.
    public struct Identity: Codable, Sendable, Hashable {
        /// Its id.
        public let principalId: String?
    }

    /// Where a request came from.
    public struct RequestParameters: Codable, Sendable, Hashable {
        /// The caller's address.
        public let sourceIPAddress: String?
    }

    /// An object and its bucket.
    public struct Entity: Codable, Sendable, Hashable {
        /// The form of this value, such as `1.0`.
        public let s3SchemaVersion: String?
        /// The id of the bucket's notification configuration.
        public let configurationId: String?
        /// The bucket.
        public let bucket: Bucket
        /// The object.
        public let object: Object
    }

    /// A bucket.
    public struct Bucket: Codable, Sendable, Hashable {
        /// The bucket's name.
        public let name: String
        /// The bucket's owner.
        public let ownerIdentity: Identity?
        /// The bucket's ARN.
        public let arn: String?
    }

    /// An object.
    public struct Object: Codable, Sendable, Hashable {
        /// The key as S3 sends it, encoded as in a form: spaces are plus signs.
        public let key: String
        /// The size in bytes; not of a deleted object.
        public let size: Int?
        /// The entity tag; not of a deleted object.
        public let eTag: String?
        /// The version, in a bucket that has versions.
        public let versionId: String?
        /// A hexadecimal number that orders the events of one key: pad the shorter with zeros at its end.
        public let sequencer: String?

        /// The key as other calls want it; `nil` when its encoding is invalid.
        public var decodedKey: String? {
            PercentEncoding.decode(String(key.map { $0 == "+" ? " " : $0 }))
        }
    }

    /// A copy restored from an archive.
    public struct GlacierEventData: Codable, Sendable, Hashable {
        /// The restored copy.
        public struct RestoreEventData: Codable, Sendable, Hashable {
            /// When the copy expires, in ISO 8601.
            public let lifecycleRestorationExpiryTime: String?
            /// The storage class from which it was restored.
            public let lifecycleRestoreStorageClass: String?
        }

        /// The restored copy.
        public let restoreEventData: RestoreEventData?
    }

    /// A replication.
    public struct ReplicationEventData: Codable, Sendable, Hashable {
        /// The id of the replication rule.
        public let replicationRuleId: String?
        /// The bucket replicated to.
        public let destinationBucket: String?
        /// The operation replicated, such as `OBJECT_REPLICATION`.
        public let s3Operation: String?
        /// When the operation was requested, in ISO 8601.
        public let requestTime: String?
        /// Why it failed.
        public let failureReason: String?
        /// The time that replication may take, in minutes.
        public let threshold: String?
        /// The time that replication took, in minutes.
        public let replicationTime: String?
    }

    /// A move within Intelligent-Tiering.
    public struct IntelligentTieringEventData: Codable, Sendable, Hashable {
        /// The tier moved to.
        public let destinationAccessTier: String?
    }

    /// A move between storage classes.
    public struct LifecycleEventData: Codable, Sendable, Hashable {
        /// The move.
        public struct TransitionEventData: Codable, Sendable, Hashable {
            /// The storage class moved to.
            public let destinationStorageClass: String?
        }

        /// The move.
        public let transitionEventData: TransitionEventData?
    }

    /// What happened.
    public let records: [Record]

    private enum CodingKeys: String, CodingKey {
        case records = "Records"
    }
}
