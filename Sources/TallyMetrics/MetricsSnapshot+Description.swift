extension MetricsSnapshot: CustomStringConvertible {
    /// The figures as a table for people, one row per operation.
    public var description: String {
        guard isRecorded else { return "not recorded" }

        let header = ["", "calls", "ms", "retries", "errors", "read", "write", "up", "down", "µUSD"]
        let rows = operations.map { Self.cells($0.key.title, $0.totals) }
        let sum = operations.reduce(into: CallTotals()) { $0 += $1.totals }
        let table = Self.aligned([header] + rows + [Self.cells("total", sum)])
        return table + "\nwaited \(decimal(awsWaitTime.milliseconds, places: 1)) ms for AWS, "
            + "\(kmsCacheHits) data keys used again"
    }

    private static func cells(_ title: String, _ totals: CallTotals) -> [String] {
        [
            title, "\(totals.calls)", decimal(totals.duration.milliseconds, places: 1), "\(totals.retries)",
            "\(totals.errors)", totals.readUnits.map { decimal($0, places: 1) } ?? "–",
            totals.writeUnits.map { decimal($0, places: 1) } ?? "–", "\(totals.bytesUploaded)",
            "\(totals.bytesDownloaded)", decimal(totals.estimatedCost, places: 2),
        ]
    }

    /// The first column to the left, figures to the right.
    private static func aligned(_ rows: [[String]]) -> String {
        var widths = [Int](repeating: 0, count: rows.first?.count ?? 0)
        for row in rows {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], cell.count)
            }
        }
        let lines = rows.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }.joined(separator: "  ")
        }
        return lines.joined(separator: "\n")
    }
}

extension OperationKey {
    fileprivate var title: String {
        var title = "\(service.rawValue) \(operation)"
        if let resource { title += " \(resource)" }
        if let index { title += "/\(index)" }
        return title
    }
}

/// `value` with a fixed number of decimals.
private func decimal(_ value: Double, places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return "\(sign)\(scaled / scale).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
}
