public import TallyWire

/// What is known of an invocation before its handler runs.
public struct InvocationInfo: Sendable, Hashable {
    /// The invocation's id; `nil` during init and outside Lambda.
    public var requestID: String?
    /// When the invocation began.
    public var start: ContinuousClock.Instant? {
        get { beginning?.instant }
        set { beginning = newValue.map { Moment($0) } }
    }
    /// When Lambda ends the invocation.
    public var deadline: ContinuousClock.Instant? {
        get { end?.instant }
        set { end = newValue.map { Moment($0) } }
    }
    package private(set) var beginning: Moment?
    package private(set) var end: Moment?
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
        self.init(
            requestID: requestID, beginning: start.map { Moment($0) }, end: deadline.map { Moment($0) },
            traceHeader: traceHeader, tenantID: tenantID)
    }

    package init(
        requestID: String?, beginning: Moment?, end: Moment?, traceHeader: String? = nil, tenantID: String? = nil
    ) {
        self.requestID = requestID
        self.beginning = beginning
        self.end = end
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
        moment(of: deadline, now: now).instant
    }

    /// The moment of such a deadline.
    package static func moment(of deadline: Timestamp, now: Timestamp = .now()) -> Moment {
        let left = deadline.nanosecondsSinceEpoch.clampedDifference(to: now.nanosecondsSinceEpoch)
        return Moment(nanoseconds: Moment.now.nanoseconds.clampedSum(with: left))
    }
}
