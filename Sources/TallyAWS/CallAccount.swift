import TallyHTTP
import TallyMetrics

/// The account of one call, opened before its first attempt and closed exactly once.
///
/// The scope is the one in force when the call begins: a call that outlives its invocation never lands in another's.
struct CallAccount {
    var record: CallRecord
    private let scope: MetricsScope?

    init(_ call: ServiceCall, at start: ContinuousClock.Instant) {
        scope = MetricsScope.current
        record = call.record(start: start)
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
