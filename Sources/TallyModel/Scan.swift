import TallyAWS

/// A read of a whole table, in no particular order.
public struct Scan<Root: Model>: Sendable {
    let filter: Filter<Root>?

    /// Renders the request for one page.
    func input(limit: Int?, after start: WireItem?) throws(ModelError) -> DynamoDB.ScanInput {
        var writer = ExpressionWriter(Root.schema)
        return DynamoDB.ScanInput(
            table: try Root.schema.tableName(), filter: try writer.expression(optional: filter), limit: limit,
            exclusiveStartKey: start)
    }
}

extension Model {
    /// A read of the whole table.
    ///
    /// - Parameter filter: Which of the items read to return. Items that are left out cost as much.
    /// - Returns: The scan; it makes no call by itself.
    public static func scan(filter: Filter<Self>? = nil) -> Scan<Self> {
        Scan(filter: filter)
    }
}
