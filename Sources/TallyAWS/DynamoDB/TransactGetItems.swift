public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// One read of a transaction.
    public struct TransactGet: Sendable {
        /// The table's name.
        public var table: String
        /// The whole primary key.
        public var key: WireItem
        /// The attributes to return; `nil` for all.
        public var projection: Expression?

        /// Creates a read.
        ///
        /// - Parameters:
        ///   - table: The table's name.
        ///   - key: The whole primary key.
        ///   - projection: The attributes to return; `nil` for all.
        public init(table: String, key: WireItem, projection: Expression? = nil) {
            self.table = table
            self.key = key
            self.projection = projection
        }
    }

    /// What ``DynamoDB/transactGetItems(_:models:)`` found.
    public struct TransactGetItemsOutput: Sendable {
        /// One item for each read, in order; `nil` where there is none.
        public var items: [WireItem?] = []
        /// The read capacity consumed, by table; empty when it was not asked for.
        public var consumedCapacity: [ConsumedCapacity] = []
    }

    /// Reads up to 100 items as they were at one moment.
    ///
    /// - Parameters:
    ///   - gets: What to read: 1 to 100 different items, 4 MB altogether.
    ///   - capacity: How closely to tell what was consumed; as the level of the metrics asks when `nil`.
    ///   - models: The models on whose behalf.
    /// - Returns: The items in order.
    /// - Throws: ``ServiceError`` when there are too many reads, a write was under way on one of the items
    ///   (``ServiceError/cancellationReasons`` tells which), DynamoDB refuses or retries run out.
    /// - Cost: Two read units per 4 KB of each item.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html>
    public func transactGetItems(
        _ gets: [TransactGet], capacity: CapacityDetail? = nil, models: [ModelName] = []
    ) async throws(ServiceError) -> TransactGetItemsOutput {
        try await call("TransactGetItems", resource: Self.resource(of: gets.map(\.table)), models: models) {
            (json) throws(InvalidInput) in
            try InvalidInput.check(gets.count, in: 1...100, "reads")
            try json.objects("TransactItems", gets) { (get, json) throws(InvalidInput) in
                try json.object("Get") { (json) throws(InvalidInput) in
                    json.member("TableName", get.table)
                    json.member("Key", get.key)
                    var expressions = ExpressionSet()
                    try expressions.add("ProjectionExpression", get.projection)
                    expressions.write(to: &json)
                }
            }
            json.returnConsumedCapacity(capacity)
        } read: { (reader, body, record) throws(JSONError) in
            var output = TransactGetItemsOutput()
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "Responses") {
                    try reader.elements { (reader) throws(JSONError) in
                        var item: WireItem?
                        try reader.members { (key, reader) throws(JSONError) in
                            guard reader.matches(key, "Item") else { return false }
                            item = WireItem(buffer: body, range: try reader.skipValue())
                            return true
                        }
                        output.items.append(item)
                    }
                } else if reader.matches(key, "ConsumedCapacity") {
                    output.consumedCapacity = try ConsumedCapacity.list(from: &reader)
                } else {
                    return false
                }
                return true
            }
            record.note(output.consumedCapacity, .read)
            record.itemCount = output.items.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
            return output
        }
    }
}
