public import TallyHTTP
public import TallyMetrics
import TallyWire

/// Why a call to a service did not do what was asked.
///
///     DynamoDB PutItem documents: ResourceNotFoundException: Requested resource not found (request 4F2A, status 400,
///     1 attempt). Check that the table exists in us-east-1 and that its name is right.
public struct ServiceError: Error, Sendable {
    /// The kind of failure: the service's own code, or one of Tally's.
    public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The code without name space or URI.
        public let rawValue: String

        /// Creates a code from its name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The code's name.
        public var description: String { rawValue }

        /// A condition of a DynamoDB write did not hold.
        public static let conditionalCheckFailed = Code(rawValue: "ConditionalCheckFailedException")
        /// A transaction was not done; ``ServiceError/cancellationReasons`` says why.
        public static let transactionCanceled = Code(rawValue: "TransactionCanceledException")
        /// A condition of an S3 request, such as `If-None-Match`, did not hold.
        public static let preconditionFailed = Code(rawValue: "PreconditionFailed")
        /// The table or index does not exist.
        public static let resourceNotFound = Code(rawValue: "ResourceNotFoundException")
        /// The object is still the one with the entity tag that the request named.
        public static let notModified = Code(rawValue: "NotModified")
        /// The object does not exist.
        public static let noSuchKey = Code(rawValue: "NoSuchKey")
        /// The bucket does not exist.
        public static let noSuchBucket = Code(rawValue: "NoSuchBucket")
        /// No response arrived; ``ServiceError/transportError`` says why.
        public static let noResponse = Code(rawValue: "NoResponse")
        /// The response is not what the service's protocol promises.
        public static let invalidResponse = Code(rawValue: "InvalidResponse")
        /// The response's bytes do not match their checksum or their length.
        public static let checksumMismatch = Code(rawValue: "ChecksumMismatch")
        /// No credentials could be had.
        public static let noCredentials = Code(rawValue: "NoCredentials")
        /// A ``CallMiddleware`` refused the request; ``ServiceError/underlying`` says why.
        public static let refused = Code(rawValue: "Refused")
        /// The request cannot be sent as it stands.
        public static let invalidRequest = Code(rawValue: "InvalidRequest")
        /// The invocation's deadline leaves no time for an attempt.
        public static let deadlineExceeded = Code(rawValue: "DeadlineExceeded")
        /// The calling task was cancelled.
        public static let cancelled = Code(rawValue: "Cancelled")
    }

    /// The service called.
    public var service: Service
    /// The operation's name at the service.
    public var operation: String
    /// The table, key or bucket.
    public var resource: String?
    /// The kind of failure.
    public var code: Code
    /// What the service or the transport said; never a secret.
    public var message: String
    /// The service's id of the last attempt.
    public var requestID: String?
    /// The last HTTP status; `nil` when none arrived.
    public var status: Int?
    /// Attempts made, those that reached no server included; 0 when the call ended before its first.
    public var attempts: Int = 0
    /// Time from the first attempt to the last answer, waits included.
    public var elapsed: Duration = .zero
    /// What to do about it, as sentences; `nil` where there is no general advice.
    public var advice: String?
    /// The item that made a DynamoDB condition fail, when the request asked for it.
    public var item: WireItem?
    /// The region in which the bucket lies, when S3 says that it is another one.
    public var bucketRegion: String?
    /// Why a DynamoDB transaction was not done: one reason for each of its actions, in order; empty otherwise.
    public var cancellationReasons: [CancellationReason] = []
    /// What DynamoDB throttled and why, when it says so; empty otherwise.
    public var throttlingReasons: [ThrottlingReason] = []
    /// Why no response arrived.
    public var transportError: TransportError?
    /// The error of a credential provider or of the configuration.
    public var underlying: (any Error)?
    /// Why the call may be made again.
    package var retryReason: RetryPolicy.Reason?
    /// The wait that the service asks for, as it wrote it.
    var retryAfter: String?
    /// The service's clock, from the response's `Date`.
    var serverTime: Timestamp?

    package init(
        _ code: Code, _ message: String, service: Service, operation: String, resource: String?,
        retryReason: RetryPolicy.Reason? = nil
    ) {
        self.service = service
        self.operation = operation
        self.resource = resource
        self.code = code
        self.message = message
        self.retryReason = retryReason
    }

    /// Whether the same call may succeed later.
    public var isRetryable: Bool { retryReason != nil }
    /// Whether the service asked for fewer calls.
    public var isThrottling: Bool { retryReason == .throttling }
    /// Whether a condition that the request carried, and nothing else, did not hold.
    public var isConditionalFailure: Bool {
        if code == .transactionCanceled {
            let reasons = cancellationReasons.filter { $0.code != nil }
            return !reasons.isEmpty && reasons.allSatisfy(\.isConditionalFailure)
        }
        return code == .conditionalCheckFailed || code == .preconditionFailed
    }
}

extension ServiceError: CustomStringConvertible {
    /// Where, what was seen (request, status, attempts), and what to do.
    public var description: String {
        let place = [service.rawValue, operation, resource ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        let seen = message.isEmpty ? code.rawValue : "\(code.rawValue): \(message)"
        var circumstances: [String] = []
        if let requestID { circumstances.append("request \(requestID)") }
        if let status { circumstances.append("status \(status)") }
        if attempts == 1 { circumstances.append("1 attempt") }
        if attempts > 1 { circumstances.append("\(attempts) attempts in \(elapsedText)") }

        var text = "\(place): \(seen.hasSuffix(".") ? String(seen.dropLast()) : seen)"
        if !circumstances.isEmpty { text += " (\(circumstances.joined(separator: ", ")))" }
        text += "."
        if let advice { text += " \(advice)" }
        return text
    }

    private var elapsedText: String {
        let milliseconds = Int(elapsed / .milliseconds(1))
        return milliseconds < 1_000 ? "\(milliseconds) ms" : "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
    }
}
