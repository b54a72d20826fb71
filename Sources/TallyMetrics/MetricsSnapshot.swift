/// What some calls took, at one moment: a value that never changes, and that adds up.
///
///     let metrics = Document.totalMetrics
///     context.logger.info("stored", ["keys": metrics.kmsCalls, "costMicroUSD": metrics.estimatedCost])
///
/// Adding is associative and commutative with ``unrecorded`` as its zero, so that snapshots of several invocations can
/// be summed in any order.
public struct MetricsSnapshot: Sendable, Hashable {
    private var table: OperationTable
    /// Whether anything was measuring; `false` outside any scope and at level `none`, where every figure is empty.
    public private(set) var isRecorded: Bool
    /// Time during which at least one call was under way; the sum of such times in a sum of snapshots.
    public private(set) var awsWaitTime: Duration
    /// Values opened with a data key that an earlier call had already fetched.
    public private(set) var kmsCacheHits: Int
    /// What was counted, timed and sized beside calls.
    var localWork: Statistics

    init(
        table: OperationTable, awsWaitTime: Duration, kmsCacheHits: Int, localWork: Statistics = Statistics(),
        isRecorded: Bool = true
    ) {
        self.localWork = localWork
        self.table = table
        self.awsWaitTime = awsWaitTime
        self.kmsCacheHits = kmsCacheHits
        self.isRecorded = isRecorded
    }

    /// Creates a snapshot from its parts.
    ///
    /// - Parameters:
    ///   - operations: The breakdown, in any order; rows of one key are summed.
    ///   - awsWaitTime: Time during which at least one call was under way.
    ///   - kmsCacheHits: Values opened with a data key that was already there.
    public init(operations: [OperationTotals], awsWaitTime: Duration, kmsCacheHits: Int = 0) {
        var table = OperationTable()
        for operation in operations { table.add(operation) }
        self.init(table: table, awsWaitTime: awsWaitTime, kmsCacheHits: kmsCacheHits)
    }

    /// Nothing, measured by nobody.
    public static let unrecorded = MetricsSnapshot(
        table: OperationTable(), awsWaitTime: .zero, kmsCacheHits: 0, isRecorded: false)

    /// The breakdown by service, operation, resource and index, in that order.
    ///
    /// At most 20 rows per scope; what is beyond is summed in a row named `other` per service.
    public var operations: [OperationTotals] { table.rows }

    /// The sum of all calls to a service.
    ///
    /// - Parameter service: The service.
    /// - Returns: The sum; that of no calls when there were none.
    public func totals(of service: Service) -> CallTotals { table.totals(of: service) }

    /// How long each call to a service was on the wire, over all operations.
    ///
    /// - Parameter service: The service.
    /// - Returns: The statistics; empty when there were no calls.
    public func times(of service: Service) -> TimeStats {
        operations.reduce(into: TimeStats()) { if $1.key.service == service { $0 += $1.times } }
    }

    /// What all calls cost, in millionths of a US dollar.
    public var estimatedCost: Double {
        var sum = CallTotals()
        sum.picoUSD = operations.reduce(0) { $0 + $1.totals.picoUSD }
        return sum.estimatedCost
    }

    /// Times, counters and sizes by dotted names: local work (`model.save.encode`), and the time of each kind of call
    /// on the wire (`dynamodb.put_item`).
    public var statistics: Statistics {
        var statistics = localWork
        for row in operations { statistics.add(row.times, to: .call(row.key.service, row.key.operation)) }
        if kmsCacheHits > 0 { statistics.add(kmsCacheHits, to: .cacheHits) }
        let fetched = operations.reduce(0) { sum, row in
            row.key.service == .kms && row.key.operation == "Decrypt" ? sum + row.totals.calls : sum
        }
        if fetched > 0 { statistics.add(fetched, to: .cacheMisses) }
        return statistics
    }

    /// The sum of both.
    public static func + (left: MetricsSnapshot, right: MetricsSnapshot) -> MetricsSnapshot {
        var sum = left
        sum += right
        return sum
    }

    /// Adds `right` to `left`.
    public static func += (left: inout MetricsSnapshot, right: MetricsSnapshot) {
        left.table.add(right.table)
        left.isRecorded = left.isRecorded || right.isRecorded
        left.awsWaitTime += right.awsWaitTime
        left.kmsCacheHits += right.kmsCacheHits
        left.localWork += right.localWork
    }
}
