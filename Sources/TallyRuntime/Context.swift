import TallyHTTP
public import TallyMetrics
public import TallyWire

/// What is known of one invocation.
public struct Context: Sendable {
    /// The invocation's id, which its log lines and its metrics line carry.
    public let requestID: String
    /// The name by which the function was invoked, alias or version included.
    public let functionARN: String
    /// When Lambda ends the invocation, by the clock of the day.
    public let deadline: Timestamp
    /// The trace header, `nil` when the invocation is not traced.
    public let traceID: String?
    /// The tenant, for a function with tenant isolation.
    public let tenantID: String?
    /// Whether this is the first invocation of this process.
    public let isColdStart: Bool
    /// The event as Lambda delivered it.
    ///
    ///     let event = try context.event.json()
    public let event: Payload

    private let end: Moment
    private let headers: Headers
    private let processLogger: Logger
    private let scope: MetricsScope
    let afterwork = Afterwork()

    init(_ invocation: Invocation, isColdStart: Bool, logger: Logger, scope: MetricsScope) {
        requestID = invocation.requestID
        functionARN = invocation.functionARN
        deadline = invocation.deadline
        end = invocation.end
        traceID = invocation.traceID
        tenantID = invocation.tenantID
        event = Payload(invocation.event)
        headers = invocation.headers
        self.isColdStart = isColdStart
        processLogger = logger
        self.scope = scope
    }

    /// The function: its name, version, memory and log stream, and how it was started.
    public var function: FunctionInfo { .ofProcess }

    /// When Lambda ends the invocation, by the clock that only goes forward: a correction of the day's clock does not
    /// move it.
    public var deadlineInstant: ContinuousClock.Instant { end.instant }

    /// The time left until ``deadlineInstant``; negative after it.
    public var remainingTime: Duration { end.timeLeft }

    /// What a mobile application tells of itself; `nil` of any other caller, and where it is not what the SDKs send.
    public var clientContext: ClientContext? { decoded("Lambda-Runtime-Client-Context") }

    /// The Amazon Cognito identity of a mobile application; `nil` of any other caller.
    public var cognitoIdentity: CognitoIdentity? { decoded("Lambda-Runtime-Cognito-Identity") }

    private func decoded<Value: Decodable>(_ header: String) -> Value? {
        headers[header].flatMap { try? JSONCoder().decode(Value.self, from: Array($0.utf8)) }
    }

    /// Has something done when the caller has the answer, and before the next event: what nobody needs to wait for.
    ///
    ///     let receipt = try await store.save(Document(from: upload))
    ///     context.afterResponse { try await audit.record(receipt) }
    ///     return receipt
    ///
    /// It is done within the invocation's time, metrics and cost, in the order in which it was added, also after a
    /// streamed answer. After an error that the handler throws, nothing of it is done. What it throws is in the log and
    /// counts as the invocation's error in the metrics; the caller has its answer by then.
    ///
    /// - Parameter work: What is done.
    public func afterResponse(_ work: @escaping @Sendable () async throws -> Void) {
        afterwork.add(work)
    }

    /// Writes JSON lines that carry ``requestID``.
    public var logger: Logger { processLogger.describing(scope.invocation, isColdStart: isColdStart) }

    /// What this invocation's calls have taken so far, and where the handler adds metrics of its own.
    public var metrics: InvocationMetrics { InvocationMetrics(of: scope) }
}
