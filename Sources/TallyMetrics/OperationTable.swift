/// The rows of a breakdown, in the order of their keys.
struct OperationTable: Sendable, Hashable {
    private(set) var rows: [OperationTotals] = []

    /// Adds a call to the row of its operation and resource.
    ///
    /// - Returns: Whether there is such a row.
    mutating func add(_ call: CallEntry, of record: CallRecord) -> Bool {
        // One after the other, since what is the same text mostly is the same object, too; order costs more to tell.
        for index in rows.indices where rows[index].key.isRow(of: record) {
            rows[index].add(call)
            return true
        }
        return false
    }

    /// Adds a call to the row of `key`, which is made when there is none.
    ///
    /// - Complexity: O(log n) to find a row, O(n) to make one.
    mutating func add(_ call: CallEntry, to key: OperationKey) {
        rows[place(of: key)].add(call)
    }

    mutating func add(_ row: OperationTotals) {
        rows[place(of: row.key)] += row
    }

    mutating func add(_ other: OperationTable) {
        for row in other.rows { add(row) }
    }

    /// The sum of the rows of `service`.
    func totals(of service: Service) -> CallTotals {
        var sum = CallTotals()
        for row in rows where row.key.service == service {
            sum += row.totals
        }
        return sum
    }

    /// Where the row of `key` is, made when there is none.
    private mutating func place(of key: OperationKey) -> Int {
        let position = position(of: key)
        if position == rows.count || rows[position].key != key {
            rows.insert(OperationTotals(key: key, totals: CallTotals()), at: position)
        }
        return position
    }

    /// Where `key` is, or would be inserted.
    private func position(of key: OperationKey) -> Int {
        rows.firstIndex(ofSorted: { $0.key >= key })
    }
}
