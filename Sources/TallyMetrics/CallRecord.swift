package import TallyWire

/// One logical call to a service, as it is accounted for: its attempts, times, capacity and bytes.
///
/// Every figure that Tally reports is a sum of these.
public struct CallRecord: Sendable {
    /// The service called.
    public var service: Service
    /// The operation's name at the service, such as `PutItem`.
    public var operation: String
    /// The table, key or bucket.
    public var resource: String?
    /// The secondary index, where one was read.
    public var index: String?
    /// The region of the service.
    public var region: String?
    /// The models on whose behalf the call was made.
    public var models: [ModelName] = []
    /// When the call began.
    public var start: ContinuousClock.Instant {
        get { beginning.instant }
        set { beginning = Moment(newValue) }
    }
    package var beginning: Moment
    /// Time on the wire, retries included, waits between them not.
    public var duration = Duration.zero
    /// Time waited between attempts.
    public var retryDelay = Duration.zero
    /// HTTP requests put on a wire.
    public var attempts = 0
    /// Attempts that the service throttled.
    public var throttles = 0
    /// How the call ended.
    public var outcome = Outcome.success
    /// Whether the last attempt used a connection that was already open; `nil` when no response arrived.
    public var reusedConnection: Bool?
    /// How long the last attempt's connection had been open when the response ended.
    public var connectionAge: Duration?
    /// The last HTTP status, `nil` when none arrived.
    public var status: Int?
    /// The service's or the transport's error code.
    public var errorCode: String?
    /// The service's id of the last attempt.
    public var requestID: String?
    /// The id of the call's subsegment in the invocation's trace, `nil` when there is none.
    public var subsegmentID: String?
    /// Content bytes of the accepted request, without framing.
    public var bytesUploaded = 0
    /// Content bytes received.
    public var bytesDownloaded = 0
    /// Content bytes of attempts that were not accepted.
    public var bytesResent = 0
    /// Read capacity consumed, `nil` when the service did not say.
    public var readUnits: Double?
    /// Write capacity consumed, `nil` when the service did not say.
    public var writeUnits: Double?
    /// Items returned.
    public var itemCount: Int?
    /// Items read before any filter.
    public var scannedCount: Int?
    /// What tables and indexes consumed, where it was asked for: at level ``MetricsLevel/detailed``.
    public var capacityShares: [CapacityShare] = []
    /// Why attempts were throttled, where DynamoDB told it: each cause of each attempt.
    public var throttleCauses: [ThrottleCause] = []
    /// A hash of the key of the one item that the call was for, where it is tracked or its partition was throttled.
    public var keyHash: String?

    /// How a call ended.
    public enum Outcome: Sendable, Hashable {
        /// The service did what was asked.
        case success
        /// A condition did not hold; not an error.
        case conditionalFailure
        /// Anything else.
        case error
    }

    /// The operation of a request that only opens a connection, before there is work for it.
    package static let warmUp = "WarmUp"

    /// Attempts beyond those that a call without fault makes.
    public var retries: Int { max(0, attempts - 1) }
}

extension CallRecord {
    /// Creates the record of a call that has made no attempt yet.
    ///
    /// - Parameters:
    ///   - service: The service called.
    ///   - operation: The operation's name at the service.
    ///   - resource: The table, key or bucket.
    ///   - index: The secondary index, where one is read.
    ///   - models: The models on whose behalf the call is made.
    ///   - start: When the call began.
    public init(
        service: Service, operation: String, resource: String? = nil, index: String? = nil,
        models: [ModelName] = [], start: ContinuousClock.Instant
    ) {
        self.init(
            service: service, operation: operation, resource: resource, index: index, models: models,
            beginning: Moment(start))
    }

    package init(
        service: Service, operation: String, resource: String? = nil, index: String? = nil, region: String? = nil,
        models: [ModelName] = [], beginning: Moment, subsegmentID: String? = nil, keyHash: String? = nil
    ) {
        // The initializer that the compiler makes: one that sets the properties copies the whole value at its end.
        self.init(
            service: service, operation: operation, resource: resource, index: index, region: region, models: models,
            beginning: beginning, attempts: 0, subsegmentID: subsegmentID, keyHash: keyHash)
    }
}
