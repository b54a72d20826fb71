import TallyWire

extension CallRecord {
    fileprivate mutating func exchange(_ other: inout CallRecord) { swap(&self, &other) }
}

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

    mutating func begin(at moment: Moment) {
        waits.begin(at: moment)
    }

    mutating func end(_ record: CallRecord, _ call: CallEntry, at moment: Moment) {
        waits.end(startedAt: record.beginning, at: moment)
        if operations.add(call, of: record) { return }
        guard distinctOperations < Self.operationLimit else {
            return operations.add(call, to: .overflow(of: record.service))
        }
        distinctOperations += 1
        operations.add(call, to: OperationKey(record))
    }

    /// Keeps the call that ended last.
    ///
    /// - Parameters:
    ///   - record: The call.
    ///   - isDone: Whether nobody looks at `record` any more; then it is taken rather than copied.
    mutating func keep(_ record: inout CallRecord, isDone: Bool) {
        if isDone, last?.exchange(&record) != nil { return }
        last = record
    }

    mutating func addKeyReuses(_ count: Int) {
        keyReuses += count
    }

    mutating func reset(at moment: Moment) {
        waits.reset(at: moment)
        operations = OperationTable()
        distinctOperations = 0
        keyReuses = 0
        statistics = Statistics()
        last = nil
    }

    func snapshot(at moment: Moment) -> MetricsSnapshot {
        MetricsSnapshot(
            table: operations, awsWaitTime: waits.total(at: moment), kmsCacheHits: keyReuses, localWork: statistics)
    }
}
