/// What one row of a breakdown comes to: how often, how reliably, how fast, at what capacity.
public struct OperationSummary: Sendable, Hashable {
    /// Service, operation, resource and index.
    public let key: OperationKey
    /// Logical calls, failed ones included.
    public let count: Int
    /// The part of the calls that failed, from 0 to 1; a condition that did not hold is no failure.
    public let errorRate: Double
    /// The mean time of a call on the wire, retries included; `nil` when there was none.
    public let average: Duration?
    /// The shortest.
    public let minimum: Duration?
    /// The longest.
    public let maximum: Duration?
    /// The time that half of the calls did not exceed.
    public let p50: Duration?
    /// The time that 90 of 100 calls did not exceed.
    public let p90: Duration?
    /// The time that 99 of 100 calls did not exceed.
    public let p99: Duration?
    /// Read capacity consumed, `nil` when no call told any.
    public let readUnits: Double?
    /// Write capacity consumed, `nil` when no call told any.
    public let writeUnits: Double?
    /// Calls that failed.
    public let totalErrors: Int
    /// The last five of them.
    public let recentErrors: [CallFailure]

    init(_ row: OperationTotals) {
        key = row.key
        count = row.totals.calls
        errorRate = row.totals.calls == 0 ? 0 : Double(row.totals.errors) / Double(row.totals.calls)
        average = row.times.average
        minimum = row.times.minimum
        maximum = row.times.maximum
        p50 = row.times.percentile(50)
        p90 = row.times.percentile(90)
        p99 = row.times.percentile(99)
        readUnits = row.totals.readUnits
        writeUnits = row.totals.writeUnits
        totalErrors = row.totals.errors
        recentErrors = row.recentErrors
    }
}
