package import TallyMetrics

/// When a call that went wrong is made again, and after which wait.
///
/// The rules that the AWS SDKs share since 2026: three attempts (DynamoDB and its streams four), full jitter, a token
/// bucket for each service, and the wait that the service asks for in `x-amz-retry-after`.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
public struct RetryPolicy: Sendable, Hashable {
    /// Attempts of one call, the first included; `nil` for the service's own number.
    public var maximumAttempts: Int?

    /// Creates a policy.
    ///
    /// - Parameter maximumAttempts: Attempts of one call, 1 or more; `nil` for 3, and 4 for DynamoDB and its streams.
    public init(maximumAttempts: Int? = nil) {
        self.maximumAttempts = maximumAttempts.map { max(1, $0) }
    }

    /// Creates the policy that `AWS_RETRY_MODE` and `AWS_MAX_ATTEMPTS` ask for.
    ///
    /// - Parameter environment: Looks up a variable; an empty value counts as absent.
    /// - Throws: ``ConfigurationError`` for another mode than `standard` and for attempts that are no number above 0.
    public init(environment: (String) -> String?) throws(ConfigurationError) {
        if let mode = environment("AWS_RETRY_MODE"), !mode.isEmpty, mode != "standard" {
            throw ConfigurationError(
                "AWS_RETRY_MODE", "\"\(mode)\" is not supported. Unset it or set it to standard."
            )
        }
        guard let attempts = environment("AWS_MAX_ATTEMPTS"), !attempts.isEmpty else {
            self.init()
            return
        }
        guard let number = Int(attempts), number >= 1 else {
            throw ConfigurationError("AWS_MAX_ATTEMPTS", "\"\(attempts)\" is not a number above 0. Set it to 3, say.")
        }
        self.init(maximumAttempts: number)
    }

    /// Every service's own number of attempts.
    public static let standard = RetryPolicy()
    /// One attempt, whatever happens.
    public static let never = RetryPolicy(maximumAttempts: 1)

    /// Why a call may be made again.
    package enum Reason: Sendable, Hashable {
        /// The service or the way to it was out of order.
        case transient
        /// The service asked for fewer calls.
        case throttling

        /// What a retry takes from the service's ``RetryQuota``.
        package var cost: Int {
            switch self {
            case .transient: 14
            case .throttling: 5
            }
        }
    }

    /// Attempts of one call to `service`, the first included.
    package func attempts(for service: Service) -> Int {
        maximumAttempts ?? (Self.fastServices.contains(service) ? 4 : 3)
    }

    /// The wait before the attempt that follows number `attempt`.
    ///
    /// - Parameters:
    ///   - attempt: The attempt that went wrong; the first is 1.
    ///   - reason: Why it may be made again.
    ///   - service: The service called.
    ///   - random: A number from 0 up to 1: full jitter.
    ///   - retryAfter: The value of the response's `x-amz-retry-after`, in milliseconds.
    /// - Returns: A wait of at most 20 s, or 25 s where the service asks for it.
    package func delay(
        after attempt: Int, _ reason: Reason, service: Service, random: Double, retryAfter: String? = nil
    ) -> Duration {
        let base: Duration
        switch reason {
        case .throttling: base = .seconds(1)
        case .transient: base = Self.fastServices.contains(service) ? .milliseconds(25) : .milliseconds(50)
        }
        // 2^20 × 25 ms is far above the cap, and keeps the shift from overflowing.
        let backoff = min(base * (1 << min(attempt - 1, 20)), Self.longestDelay) * random
        guard let retryAfter, let asked = Int(retryAfter), asked >= 0 else { return backoff }
        return max(backoff, min(.milliseconds(asked), backoff + Self.longestExtraDelay))
    }

    /// Why a failure with this code and status may be retried; `nil` when it may not.
    package static func reason(code: String, status: Int) -> Reason? {
        if throttlingCodes.contains(code) { return .throttling }
        if transientCodes.contains(code) || transientStatuses.contains(status) { return .transient }
        return nil
    }

    // They answer within milliseconds, so one attempt more, and sooner, costs little.
    private static let fastServices: Set<Service> = [.dynamoDB, .dynamoDBStreams]
    private static let longestDelay = Duration.seconds(20)
    private static let longestExtraDelay = Duration.seconds(5)
    private static let transientStatuses: Set<Int> = [500, 502, 503, 504]
    private static let transientCodes: Set<String> = ["RequestTimeout", "RequestTimeoutException"]
    private static let throttlingCodes: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException",
    ]
}
