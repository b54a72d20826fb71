import TallyWire

/// The detailed lines of an invocation: metrics by table and operation, by index, and by error code.
///
/// They have a namespace of their own, so that nobody sums them with the invocation's, which count the same calls.
enum EMFDetails {
    static func documents(
        of report: InvocationReport, _ configuration: MetricsConfiguration
    ) -> [UserMetrics.Separate] {
        guard configuration.level == .detailed else { return [] }
        let namespace = configuration.namespace.prefix(255 - suffix.utf8.count) + suffix
        return report.details.lines.compactMap { tuple, row in
            document(tuple, row, configuration).map {
                UserMetrics.Separate(namespace: String(namespace), document: $0)
            }
        }
    }

    private static let suffix = "/Detail"

    /// `nil` where a name cannot be a dimension's value; the invocation's own line has the call all the same.
    private static func document(
        _ tuple: DetailTuple, _ row: DetailRow, _ configuration: MetricsConfiguration
    ) -> MetricDocument? {
        var document = MetricDocument(dimensions: configuration.dimensions)
        do throws(MetricRefusal) {
            try document.add(tuple.dimensions)
            switch tuple.kind {
            case .operation: try document.add(row, of: tuple.service)
            case .index:
                try document.add("IndexReadUnits", row.totals.readUnits)
                try document.add("IndexWriteUnits", row.totals.writeUnits)
            case .error: try document.add("ErrorsByCode", Double(row.totals.errors))
            }
            return document
        } catch {
            return nil
        }
    }
}

extension MetricDocument {
    fileprivate mutating func add(_ row: DetailRow, of service: Service) throws(MetricRefusal) {
        for sample in row.samples { try add(sample.roundedMilliseconds, to: "Duration", .milliseconds, .standard) }
        let totals = row.totals
        try add("Operations", Double(totals.calls))
        try add("Errors", Double(totals.errors))
        try add("Retries", Double(totals.retries))
        try add("Throttles", Double(totals.throttles))
        guard service == .dynamoDB else { return }
        try add("ReadUnits", totals.readUnits)
        try add("WriteUnits", totals.writeUnits)
    }

    fileprivate mutating func add(_ name: String, _ value: Double?) throws(MetricRefusal) {
        guard let value else { return }
        try add(value, to: name, .count, .standard)
    }
}
