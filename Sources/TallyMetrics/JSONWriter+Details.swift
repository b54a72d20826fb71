import TallyWire

extension JSONWriter {
    /// Writes why calls were throttled, and for which items they were.
    mutating func members(of details: CallDetails) {
        if !details.throttles.isEmpty {
            key(.throttlingReasons)
            write(details.throttles, truncated: details.untoldThrottles)
        }
        let keys = details.keys
        guard !keys.isEmpty else { return }
        key(.hotKeys)
        beginArray()
        for activity in keys.prefix(CallDetails.shownLimit) { write(activity) }
        let rest = keys.dropFirst(CallDetails.shownLimit).reduce(0) { $0 + $1.calls }
        write(truncated: rest + details.untoldKeyCalls)
        endArray()
    }

    private mutating func write(_ throttles: [ThrottleCause: Int], truncated: Int) {
        let rows = throttles.sorted { left, right in
            let (first, second) = (left.key, right.key)
            return left.value != right.value
                ? left.value > right.value
                : (first.reason, first.table ?? "", first.index ?? "")
                    < (second.reason, second.table ?? "", second.index ?? "")
        }
        beginArray()
        for (cause, count) in rows {
            beginObject()
            member("reason", String(cause.reason.prefix(128)))
            member("table", cause.table)
            member("index", cause.index)
            member("n", count)
            endObject()
        }
        write(truncated: truncated)
        endArray()
    }

    private mutating func write(_ activity: KeyActivity) {
        beginObject()
        member("table", activity.table)
        member("key", activity.keyHash)
        member("n", activity.calls)
        if activity.throttles > 0 { member("throttles", activity.throttles) }
        endObject()
    }

    /// Ends an array with how much it leaves out.
    private mutating func write(truncated count: Int) {
        guard count > 0 else { return }
        beginObject()
        member("truncated", count)
        endObject()
    }

    // MARK: - Shares

    /// Writes what indexes consumed, and tables where a request had several of them.
    mutating func members(of shares: [CapacityShare], beside row: OperationKey) {
        guard !shares.isEmpty else { return }
        write("gsiRcu", shares) { if case .globalIndex = $0.part { $0.readUnits } else { nil } }
        write("gsiWcu", shares) { if case .globalIndex = $0.part { $0.writeUnits } else { nil } }
        write("lsiRcu", shares) { if case .localIndex = $0.part { $0.readUnits } else { nil } }
        write("lsiWcu", shares) { if case .localIndex = $0.part { $0.writeUnits } else { nil } }
        guard row.resource == nil else { return }
        write("tableRcu", shares) { $0.part == .table ? $0.readUnits : nil }
        write("tableWcu", shares) { $0.part == .table ? $0.writeUnits : nil }
    }

    private mutating func write(
        _ name: String, _ shares: [CapacityShare], _ units: (CapacityShare) -> Double?
    ) {
        // Two tables of a batch may have indexes of one name.
        var sums: [String: Double] = [:]
        for share in shares {
            guard let units = units(share) else { continue }
            sums[share.index ?? share.table, default: 0] += units
        }
        guard !sums.isEmpty else { return }
        key(name)
        beginObject()
        for (name, units) in sums.sorted(by: { $0.key < $1.key }) {
            key(name)
            number(units)
        }
        endObject()
    }
}
