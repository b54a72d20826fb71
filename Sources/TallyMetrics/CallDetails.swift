/// What is known of an invocation's calls beside their sums: why they were throttled, which items they were for, and,
/// at level ``MetricsLevel/detailed``, what indexes consumed and what goes onto detailed lines.
public struct CallDetails: Sendable {
    /// Causes, and items, of which a line names as many.
    static let shownLimit = 20
    // Keys come from events; a thousand say which are hot.
    private static let keyLimit = 1_000

    /// How many attempts were throttled for which cause.
    public private(set) var throttles: [ThrottleCause: Int] = [:]
    /// Attempts that were throttled for causes beyond the twenty that are kept.
    public private(set) var untoldThrottles = 0
    /// Items whose calls were counted beyond those kept.
    public private(set) var untoldKeyCalls = 0
    private var rows = SmallTable<DetailTuple, DetailRow>()
    private var overflows: [DetailTuple: DetailRow] = [:]
    /// What tables and indexes consumed, by the row of the operation.
    private(set) var shares: [OperationKey: [CapacityShare]] = [:]
    private var activities: [KeyName: KeyActivity] = [:]

    private struct KeyName: Hashable {
        let table: String
        let hash: String
    }

    init() {}

    /// The items that calls were for, the hottest first, where keys are tracked; those alone that were throttled
    /// because of their partition where they are not.
    public var keys: [KeyActivity] { activities.values.sorted(by: KeyActivity.precedes) }

    /// Whether there is nothing in it for the invocation's own line.
    var isEmpty: Bool { throttles.isEmpty && activities.isEmpty && shares.isEmpty }

    /// The detailed lines, in their order: those of operations, of indexes, of errors; what is summed comes last.
    var lines: [(tuple: DetailTuple, row: DetailRow)] {
        let own = zip(rows.keys, rows.values).sorted { DetailTuple.precedes($0.0, $1.0) }
        let rest = overflows.sorted { DetailTuple.precedes($0.key, $1.key) }
        return own.map { ($0.0, $0.1) } + rest.map { ($0.key, $0.value) }
    }

    // MARK: - Adding

    /// Adds what a call tells of throttles and of its item.
    mutating func addThrottles(of record: CallRecord) {
        var keyThrottles = 0
        for cause in record.throttleCauses {
            if throttles[cause] != nil || throttles.count < Self.shownLimit {
                throttles[cause, default: 0] += 1
            } else {
                untoldThrottles += 1
            }
            if cause.isKeyRange { keyThrottles += 1 }
        }
        guard let hash = record.keyHash else { return }
        let table = record.resource ?? DetailTuple.other
        let name = KeyName(table: table, hash: hash)
        guard activities[name] != nil || activities.count < Self.keyLimit else {
            untoldKeyCalls += 1
            return
        }
        activities[name, default: KeyActivity(table: table, keyHash: hash)].calls += 1
        activities[name]?.throttles += keyThrottles
    }

    /// Adds a call to the detailed lines.
    ///
    /// - Returns: Whether all of it found a place of its own.
    mutating func add(_ record: CallRecord, _ totals: CallTotals, _ registry: DetailRegistry) -> Bool {
        var isWhole = update(.operation(of: record), registry) { $0.add(totals) }
        for share in record.capacityShares {
            add(share, to: OperationKey(record))
            guard let index = share.index else { continue }
            isWhole = update(.index(index, of: share.table), registry) { $0.add(share) } && isWhole
        }
        if record.outcome == .error {
            isWhole = update(.error(record.errorCode, of: record.service), registry) { $0.addError() } && isWhole
        }
        return isWhole
    }

    private mutating func update(
        _ tuple: DetailTuple, _ registry: DetailRegistry, _ change: (inout DetailRow) -> Void
    ) -> Bool {
        if rows.update(tuple, change) { return true }
        if rows.count < DetailRegistry.invocationLimit, registry.admits(tuple) {
            return rows.update(tuple, from: DetailRow(), change)
        }
        change(&overflows[tuple.overflow, default: DetailRow()])
        return false
    }

    private mutating func add(_ share: CapacityShare, to key: OperationKey) {
        guard shares[key] != nil || shares.count < CallLedger.operationLimit else { return }
        var known = shares[key] ?? []
        if let position = known.firstIndex(where: { $0.table == share.table && $0.part == share.part }) {
            known[position].readUnits = Self.sum(known[position].readUnits, share.readUnits)
            known[position].writeUnits = Self.sum(known[position].writeUnits, share.writeUnits)
        } else if known.count < Self.shownLimit {
            known.append(share)
        }
        shares[key] = known
    }

    private static func sum(_ left: Double?, _ right: Double?) -> Double? {
        guard let left else { return right }
        return left + (right ?? 0)
    }
}
