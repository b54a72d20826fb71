import TallyHTTP
import TallyMetrics

/// The account of one call, opened before its first attempt and closed exactly once.
///
/// The scope is the one in force when the call begins: a call that outlives its invocation never lands in another's.
struct CallAccount {
    var record: CallRecord
    /// The value of `X-Amzn-Trace-Id` on every attempt; `nil` where there is no trace to go on with.
    let traceHeader: String?
    private let scope: MetricsScope?

    init(_ call: ServiceCall, in region: Region, at start: ContinuousClock.Instant) {
        scope = MetricsScope.current
        let trace = scope?.traceOfCall()
        traceHeader = trace?.header
        record = call.record(start: start)
        record.region = region.name
        record.subsegmentID = trace?.subsegmentID
        scope?.begin(for: call.models, at: start)
    }

    func close(at end: ContinuousClock.Instant) {
        MetricsScope.record(record, in: scope, at: end)
    }

    /// Notes how the call failed.
    mutating func fail(_ error: ServiceError) {
        record.outcome = error.isConditionalFailure ? .conditionalFailure : .error
        record.errorCode = error.transportError?.code.rawValue ?? error.code.rawValue
    }
}
