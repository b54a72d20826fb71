/// One row of a breakdown: an operation on a resource, and the sum of its calls.
public struct OperationTotals: Sendable, Hashable {
    /// Service, operation, resource and index.
    public let key: OperationKey
    /// The sum of the calls.
    public var totals: CallTotals

    /// Creates a row.
    ///
    /// - Parameters:
    ///   - key: Service, operation, resource and index.
    ///   - totals: The sum of the calls.
    public init(key: OperationKey, totals: CallTotals) {
        self.key = key
        self.totals = totals
    }
}
