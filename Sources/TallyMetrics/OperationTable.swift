/// The rows of a breakdown, in the order of their keys.
struct OperationTable: Sendable, Hashable {
    private(set) var rows: [OperationTotals] = []

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

    func contains(_ key: OperationKey) -> Bool {
        let position = position(of: key)
        return position < rows.count && rows[position].key == key
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
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].key < key {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
