/// One of the names and values by which CloudWatch tells metrics of one name apart.
public struct MetricDimension: Sendable, Hashable {
    /// The dimension's name, such as `stage`.
    public let name: String
    /// The value, such as `prod`.
    public let value: String
}
