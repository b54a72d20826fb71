/// How finely CloudWatch stores a metric.
public enum MetricResolution: Int, Sendable, Hashable {
    /// By the second, for three hours; alarms of 10 and 30 seconds can look at it, at a price of their own.
    case high = 1
    /// By the minute.
    case standard = 60
}
