/// Whether CloudWatch makes metrics of the lines.
public enum MetricsExtraction: String, Sendable, Hashable, CaseIterable {
    /// It does.
    case on
    /// The lines are the same JSON without `_aws`: nothing is charged for metrics, and Logs Insights can still query
    /// all.
    case off
}
