public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// What ``DynamoDB/query(_:models:)`` reads.
    public struct QueryInput: Sendable {
        /// The table's name.
        public var table: String
        /// The secondary index to read; `nil` for the table itself.
        public var index: String?
        /// Which partition, and which part of it.
        public var keyCondition: Expression
        /// Which of the items read to return.
        public var filter: Expression?
        /// The attributes to return; `nil` for all.
        public var projection: Expression?
        /// Whether the read sees every write that ended before it; not on a global index.
        public var consistentRead: Bool
        /// Whether items come in ascending order of their sort key.
        public var scansForward: Bool
        /// The most items to read, before the filter; `nil` for as many as 1 MB holds.
        public var limit: Int?
        /// Where the page before this one ended; `nil` for the first.
        public var exclusiveStartKey: WireItem?
        /// How closely to tell what was consumed; as the level of the metrics asks when `nil`.
        public var returnConsumedCapacity: CapacityDetail?

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - table: The table's name.
        ///   - index: The secondary index to read.
        ///   - keyCondition: Which partition, and which part of it.
        ///   - filter: Which of the items read to return.
        ///   - projection: The attributes to return.
        ///   - consistentRead: Whether the read sees every write that ended before it.
        ///   - scansForward: Whether items come in ascending order of their sort key.
        ///   - limit: The most items to read, before the filter.
        ///   - exclusiveStartKey: Where the page before this one ended.
        public init(
            table: String, index: String? = nil, keyCondition: Expression, filter: Expression? = nil,
            projection: Expression? = nil, consistentRead: Bool = false, scansForward: Bool = true,
            limit: Int? = nil, exclusiveStartKey: WireItem? = nil
        ) {
            self.table = table
            self.index = index
            self.keyCondition = keyCondition
            self.filter = filter
            self.projection = projection
            self.consistentRead = consistentRead
            self.scansForward = scansForward
            self.limit = limit
            self.exclusiveStartKey = exclusiveStartKey
        }
    }

    /// Reads one page of a partition, in the order of its sort key.
    ///
    /// - Parameters:
    ///   - input: What to read.
    ///   - models: The models on whose behalf.
    /// - Returns: One page of at most 1 MB before the filter; it may be empty and still not be the last.
    /// - Throws: ``ServiceError`` when DynamoDB refuses or retries run out.
    /// - Cost: One read unit per 4 KB read, before filtering; half when not consistent.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html>
    public func query(_ input: QueryInput, models: [ModelName] = []) async throws(ServiceError) -> Page {
        let answer = try await call(
            "Query", .read, table: input.table, index: input.index, capacity: input.returnConsumedCapacity,
            models: models
        ) {
            (json) throws(InvalidInput) in
            var expressions = ExpressionSet()
            try expressions.add("KeyConditionExpression", input.keyCondition)
            try expressions.add("FilterExpression", input.filter)
            try expressions.add("ProjectionExpression", input.projection)
            expressions.write(to: &json)
            if !input.scansForward {
                json.key("ScanIndexForward")
                json.bool(false)
            }
            json.writePaging(
                consistentRead: input.consistentRead, limit: input.limit, startKey: input.exclusiveStartKey
            )
        }
        return Page(answer)
    }
}

extension JSONWriter {
    /// Writes what every read of pages has in common.
    mutating func writePaging(consistentRead: Bool, limit: Int?, startKey: WireItem?) {
        if consistentRead {
            key("ConsistentRead")
            bool(true)
        }
        if let limit {
            key("Limit")
            integer(limit)
        }
        if let startKey {
            key("ExclusiveStartKey")
            startKey.write(to: &self)
        }
    }
}
