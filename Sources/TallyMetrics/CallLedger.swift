/// The account of one invocation, or of one model within it.
struct CallLedger: Sendable {
    /// Rows of a breakdown beyond which calls are added to a row named `other`, one per service: names of tables and
    /// buckets may come from events, and a line ends at 256 KiB.
    static let operationLimit = 20

    /// The call that ended last; kept for models only.
    var last: CallRecord?
    /// Of local work.
    var statistics = Statistics()
    private var operations = OperationTable()
    private var distinctOperations = 0
    private var waits = WaitClock()
    private var keyReuses = 0

    mutating func begin(at instant: ContinuousClock.Instant) {
        waits.begin(at: instant)
    }

    mutating func end(_ record: CallRecord, _ call: CallEntry, at instant: ContinuousClock.Instant) {
        waits.end(startedAt: record.start, at: instant)
        operations.add(call, to: row(for: OperationKey(record)))
    }

    mutating func addKeyReuses(_ count: Int) {
        keyReuses += count
    }

    mutating func reset(at instant: ContinuousClock.Instant) {
        waits.reset(at: instant)
        operations = OperationTable()
        distinctOperations = 0
        keyReuses = 0
        statistics = Statistics()
        last = nil
    }

    func snapshot(at instant: ContinuousClock.Instant) -> MetricsSnapshot {
        MetricsSnapshot(
            table: operations, awsWaitTime: waits.total(at: instant), kmsCacheHits: keyReuses, localWork: statistics)
    }

    private mutating func row(for key: OperationKey) -> OperationKey {
        if operations.contains(key) { return key }
        guard distinctOperations < Self.operationLimit else { return .overflow(of: key.service) }
        distinctOperations += 1
        return key
    }
}
