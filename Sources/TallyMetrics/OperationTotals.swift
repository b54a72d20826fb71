/// One row of a breakdown: an operation on a resource, what its calls took together, and how they spread.
public struct OperationTotals: Sendable, Hashable {
    /// Service, operation, resource and index.
    public let key: OperationKey
    /// The sum of the calls.
    public private(set) var totals: CallTotals
    /// How long each call was on the wire, retries included.
    public private(set) var times = TimeStats()
    /// The last five calls that failed, in the order in which they ended.
    public private(set) var recentErrors: [CallFailure] = []

    /// Creates a row of nothing but sums.
    ///
    /// - Parameters:
    ///   - key: Service, operation, resource and index.
    ///   - totals: The sum of the calls.
    public init(key: OperationKey, totals: CallTotals) {
        self.key = key
        self.totals = totals
    }

    /// Creates a row.
    ///
    /// - Parameters:
    ///   - key: Service, operation, resource and index.
    ///   - totals: The sum of the calls.
    ///   - times: How long each call was on the wire.
    ///   - recentErrors: Calls that failed; the last five are kept.
    public init(key: OperationKey, totals: CallTotals, times: TimeStats, recentErrors: [CallFailure]) {
        self.init(key: key, totals: totals)
        self.times = times
        keep(recentErrors)
    }

    /// Adds a call.
    mutating func add(_ call: CallEntry) {
        totals += call.totals
        times.add(call.nanoseconds, atMillisecond: call.end)
        if let failure = call.failure { keep([failure]) }
    }

    /// Adds the calls of another row.
    static func += (left: inout OperationTotals, right: OperationTotals) {
        left.totals += right.totals
        left.times += right.times
        left.keep(right.recentErrors)
    }

    private mutating func keep(_ failures: [CallFailure]) {
        guard !failures.isEmpty else { return }
        recentErrors = (recentErrors + failures).sorted(by: CallFailure.precedes).suffix(CallFailure.kept)
    }
}
