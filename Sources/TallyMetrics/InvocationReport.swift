public import TallyWire

/// All that the line of one invocation tells, but for what is the same on every line.
public struct InvocationReport: Sendable {
    /// The invocation: its id, trace and tenant.
    public var invocation: InvocationInfo
    /// When the line is made.
    public var timestamp: Timestamp
    /// How the invocation ended; anything but success counts as a handler error.
    public var outcome: InvocationOutcome
    /// The error's type, where there was one.
    public var errorType: String?
    /// Decoding the event, handling it and encoding the result.
    public var handlerDuration: Duration
    /// What is left of the invocation's time, `nil` where there is no deadline.
    public var remainingTime: Duration?
    /// Whether it is the first invocation of a process that Lambda started for it.
    public var isColdStart: Bool
    /// From the start of the process to its first request for an event; on the first line only.
    public var initDuration: Duration?
    /// The largest resident size of the process so far, in bytes.
    public var peakMemoryBytes: Int?
    /// The figures of the invocation's scope, taken after its line was claimed.
    public var metrics: MetricsSnapshot
    /// What is known of the invocation's calls beside their sums, see ``MetricsScope/details()``.
    public var details = CallDetails()
    /// Calls and operations of models that took as long as the threshold for slow ones.
    public var slowCalls = 0
    /// The figures of init's scope; on the first line only.
    public var initMetrics: MetricsSnapshot?
    /// Calls that ended outside any scope or after their scope's line, see ``MetricsScope/drainLateCalls()``.
    public var lateCalls: Int
    /// Subsegments of calls that did not reach the X-Ray daemon, as far as that is known.
    public var traceDrops = 0
    /// What the handler added to its metrics, see ``MetricsScope/userMetrics()``.
    public var userMetrics: UserMetrics?
    /// Metrics that were added outside any scope or after their scope's line, see ``MetricsScope/drainLateMetrics()``.
    public var lateMetrics: Int

    /// Creates a report of an invocation that is neither the first nor knows its deadline.
    ///
    /// - Parameters:
    ///   - invocation: The invocation's id, trace and tenant.
    ///   - timestamp: When the line is made.
    ///   - outcome: How the invocation ended.
    ///   - errorType: The error's type, where there was one.
    ///   - handlerDuration: Decoding the event, handling it and encoding the result.
    ///   - metrics: The figures of the invocation's scope.
    public init(
        invocation: InvocationInfo, timestamp: Timestamp = .now(), outcome: InvocationOutcome, errorType: String? = nil,
        handlerDuration: Duration, metrics: MetricsSnapshot
    ) {
        self.invocation = invocation
        self.timestamp = timestamp
        self.outcome = outcome
        self.errorType = errorType
        self.handlerDuration = handlerDuration
        self.metrics = metrics
        isColdStart = false
        lateCalls = 0
        lateMetrics = 0
    }
}
