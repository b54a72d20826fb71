public import TallyMetrics

/// One attempt of one call, as ``CallMiddleware`` sees it.
public struct CallAttempt: Sendable {
    /// How an attempt ended.
    public struct Outcome: Sendable {
        /// The HTTP status; `nil` when no response arrived.
        public var status: Int?
        /// The service's id of the request.
        public var requestID: String?
        /// Why the attempt failed; `nil` when it succeeded.
        public var error: ServiceError?
        /// Time from sending to the whole answer; for a streamed answer, to its headers.
        public var duration: Duration
    }

    /// The service called.
    public let service: Service
    /// The operation's name at the service.
    public let operation: String
    /// The table, key or bucket.
    public let resource: String?
    /// The attempt's number in its call, from 1.
    public let number: Int
    /// The most attempts that the call may make.
    public let limit: Int
    /// The call's id, the same on all its attempts (`amz-sdk-invocation-id`).
    public let callID: String

    init(_ call: ServiceCall, _ progress: CallProgress) {
        service = call.service
        operation = call.operation
        resource = call.resource
        number = progress.attempt + 1
        limit = progress.limit
        callID = progress.id
    }
}
