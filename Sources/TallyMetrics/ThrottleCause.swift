/// Why DynamoDB throttled a request: which limit, of which table or index.
public struct ThrottleCause: Sendable, Hashable {
    /// The limit, such as `TableReadProvisionedThroughputExceeded` or `IndexWriteKeyRangeThroughputExceeded`.
    public let reason: String
    /// The table's name, `nil` when it was not told.
    public let table: String?
    /// The index's name, `nil` when the table itself was throttled.
    public let index: String?

    /// Creates a cause.
    ///
    /// - Parameters:
    ///   - reason: The limit.
    ///   - table: The table's name.
    ///   - index: The index's name, `nil` when the table itself was throttled.
    public init(reason: String, table: String?, index: String?) {
        self.reason = reason
        self.table = table
        self.index = index
    }

    /// Whether one partition had more than its share of requests: a key that many ask for.
    public var isKeyRange: Bool { reason.contains("KeyRange") }
}
