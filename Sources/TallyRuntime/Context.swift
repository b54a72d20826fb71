public import TallyMetrics
public import TallyWire

/// What is known of one invocation.
public struct Context: Sendable {
    /// The invocation's id, which its log lines and its metrics line carry.
    public let requestID: String
    /// The name by which the function was invoked, alias or version included.
    public let functionARN: String
    /// When Lambda ends the invocation.
    public let deadline: Timestamp
    /// The trace header, `nil` when the invocation is not traced.
    public let traceID: String?
    /// The tenant, for a function with tenant isolation.
    public let tenantID: String?
    /// Whether this is the first invocation of this process.
    public let isColdStart: Bool
    /// Writes JSON lines that carry ``requestID``.
    public var logger: Logger { processLogger.describing(scope.invocation, isColdStart: isColdStart) }

    private let processLogger: Logger
    private let scope: MetricsScope

    init(_ invocation: Invocation, isColdStart: Bool, logger: Logger, scope: MetricsScope) {
        requestID = invocation.requestID
        functionARN = invocation.functionARN
        deadline = invocation.deadline
        traceID = invocation.traceID
        tenantID = invocation.tenantID
        self.isColdStart = isColdStart
        processLogger = logger
        self.scope = scope
    }

    /// The time left until ``deadline``; negative after it.
    public var remainingTime: Duration {
        .nanoseconds(deadline.nanosecondsSinceEpoch - Timestamp.now().nanosecondsSinceEpoch)
    }

    /// What this invocation's calls have taken so far, and where the handler adds metrics of its own.
    public var metrics: InvocationMetrics { InvocationMetrics(of: scope) }
}
