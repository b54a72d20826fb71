public import TallyWire

/// What is known of an invocation before its handler runs.
public struct InvocationInfo: Sendable, Hashable {
    /// The invocation's id; `nil` during init and outside Lambda.
    public var requestID: String?
    /// When the invocation began.
    public var start: ContinuousClock.Instant? {
        get { beginning?.instant }
        set { beginning = newValue.map(Moment.init) }
    }
    /// When Lambda ends the invocation.
    public var deadline: ContinuousClock.Instant? {
        get { end?.instant }
        set { end = newValue.map(Moment.init) }
    }
    private var beginning: Moment?
    private var end: Moment?
    /// The header `Lambda-Runtime-Trace-Id`, such as `Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1`.
    public let traceHeader: String?
    /// What the header says, read when it is asked for; `nil` without a header or without a trace in it.
    public var trace: TraceContext? { traceHeader.flatMap(TraceContext.init) }
    /// The trace's id, the `Root` of the header.
    public var traceID: String? { trace?.root }
    /// The tenant on whose behalf the function runs, where it isolates tenants.
    public var tenantID: String?

    /// Describes an invocation.
    ///
    /// - Parameters:
    ///   - requestID: The invocation's id.
    ///   - start: When it began.
    ///   - deadline: When Lambda ends it.
    ///   - traceHeader: The header `Lambda-Runtime-Trace-Id`.
    ///   - tenantID: The tenant on whose behalf the function runs.
    public init(
        requestID: String? = nil, start: ContinuousClock.Instant? = nil, deadline: ContinuousClock.Instant? = nil,
        traceHeader: String? = nil, tenantID: String? = nil
    ) {
        self.requestID = requestID
        beginning = start.map(Moment.init)
        end = deadline.map(Moment.init)
        self.traceHeader = traceHeader
        self.tenantID = tenantID
    }

    /// The instant of a deadline given in wall-clock time, which a later correction of that clock then cannot move.
    ///
    /// - Parameters:
    ///   - deadline: The deadline as Lambda tells it.
    ///   - now: The wall clock.
    /// - Returns: The same moment on the clock that only goes forward.
    public static func instant(of deadline: Timestamp, now: Timestamp = .now()) -> ContinuousClock.Instant {
        .now + .nanoseconds(deadline.nanosecondsSinceEpoch - now.nanosecondsSinceEpoch)
    }
}
