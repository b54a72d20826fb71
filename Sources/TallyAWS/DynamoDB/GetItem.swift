public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// What ``DynamoDB/getItem(_:models:)`` reads.
    public struct GetItemInput: Sendable {
        /// The table's name.
        public var table: String
        /// The whole primary key.
        public var key: WireItem
        /// Whether the read sees every write that ended before it, at twice the capacity.
        public var consistentRead: Bool
        /// The attributes to return; `nil` for all.
        public var projection: Expression?
        /// How closely to tell what was consumed; as the level of the metrics asks when `nil`.
        public var returnConsumedCapacity: CapacityDetail?

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - table: The table's name.
        ///   - key: The whole primary key.
        ///   - consistentRead: Whether the read sees every write that ended before it.
        ///   - projection: The attributes to return; `nil` for all.
        public init(table: String, key: WireItem, consistentRead: Bool = false, projection: Expression? = nil) {
            self.table = table
            self.key = key
            self.consistentRead = consistentRead
            self.projection = projection
        }
    }

    /// What ``DynamoDB/getItem(_:models:)`` found.
    public struct GetItemOutput: Sendable {
        /// The item; `nil` when there is none.
        public var item: WireItem?
        /// The read capacity consumed; `nil` when it was not asked for.
        public var consumedCapacity: ConsumedCapacity?
    }

    /// Returns one item by its primary key.
    ///
    /// - Parameters:
    ///   - input: What to read.
    ///   - models: The models on whose behalf.
    /// - Returns: The item, if there is one.
    /// - Throws: ``ServiceError`` when DynamoDB refuses or retries run out.
    /// - Cost: One read unit per 4 KB; half when not consistent; half a unit when there is no item.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html>
    public func getItem(
        _ input: GetItemInput, models: [ModelName] = []
    ) async throws(ServiceError) -> GetItemOutput {
        let answer = try await call(
            "GetItem", .read, table: input.table, key: ItemKey(input.key), capacity: input.returnConsumedCapacity,
            models: models
        ) {
            (json) throws(InvalidInput) in
            json.key("Key")
            input.key.write(to: &json)
            if input.consistentRead {
                json.key("ConsistentRead")
                json.bool(true)
            }
            var expressions = ExpressionSet()
            try expressions.add("ProjectionExpression", input.projection)
            expressions.write(to: &json)
        }
        return GetItemOutput(item: answer.item, consumedCapacity: answer.capacity)
    }
}
