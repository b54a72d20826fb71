import TallyHTTP
import TallyMetrics
import TallyWire

/// The account of one call, opened before its first attempt and closed exactly once.
///
/// The scope is the one in force when the call begins: a call that outlives its invocation never lands in another's.
struct CallAccount {
    var record: CallRecord
    /// The value of `X-Amzn-Trace-Id` on every attempt; `nil` where there is no trace to go on with.
    let traceHeader: String?
    private let scope: MetricsScope?

    init(_ call: borrowing ServiceCall, in region: borrowing Region, at start: Moment) {
        let scope = MetricsScope.current
        let trace = scope?.traceOfCall()
        scope?.begin(for: call.models, at: start)
        if let scope, scope.isRecording {
            record = CallRecord(
                service: call.service, operation: call.operation, resource: call.resource, index: call.index,
                region: region.name, models: call.models, beginning: start, subsegmentID: trace?.subsegmentID,
                keyHash: scope.tracksKeys ? call.keyHash : nil)
        } else {
            // Nobody will read whose it is.
            record = CallRecord(service: call.service, operation: call.operation, beginning: start)
        }
        traceHeader = trace?.header
        self.scope = scope
    }

    /// Whether somebody reads what is timed.
    var isMeasured: Bool { scope?.isRecording ?? false }

    /// Adds the time of local work for the call.
    func addTime(_ duration: Duration, to name: StatisticName) {
        scope?.addTime(duration, to: name, for: record.models.first)
    }

    /// Enters the call, whose record is then no longer of use.
    mutating func close(at end: @autoclosure () -> Moment) {
        MetricsScope.enter(&record, in: scope, at: end())
    }

    /// Notes that an attempt was throttled, and why where DynamoDB says so.
    mutating func throttle(_ error: ServiceError, _ call: ServiceCall) {
        record.throttles += 1
        guard scope?.level != MetricsLevel.none else { return }
        let causes = error.throttlingReasons.map {
            ThrottleCause(reason: $0.reason, table: $0.table, index: $0.index)
        }
        record.throttleCauses += causes
        // Whose partition is too busy is worth the hash; it is only made here.
        if record.keyHash == nil, causes.contains(where: \.isKeyRange) { record.keyHash = call.keyHash }
    }

    /// Notes how the call failed.
    mutating func fail(_ error: ServiceError) {
        record.outcome = error.isConditionalFailure ? .conditionalFailure : .error
        record.errorCode = error.transportError?.code.rawValue ?? error.code.rawValue
    }
}
