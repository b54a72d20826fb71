/// How much is measured and told.
public enum MetricsLevel: String, Sendable, Hashable, CaseIterable {
    /// Nothing is recorded, no line is written, and no capacity figures are asked of DynamoDB. A trace goes on.
    case none
    /// One line per invocation: totals per service as metrics, each operation as a property.
    case summary
    /// As ``summary``, with capacity told per index, and with further lines whose metrics have the dimensions table or
    /// bucket, operation, index and error code.
    case detailed
}
