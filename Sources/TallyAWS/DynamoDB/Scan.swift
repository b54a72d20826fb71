public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// What ``DynamoDB/scan(_:models:)`` reads.
    public struct ScanInput: Sendable {
        /// One of the equal parts into which a scan is cut, to be read side by side.
        public struct Segment: Sendable, Hashable {
            /// Which part, counted from 0.
            public var index: Int
            /// How many parts.
            public var total: Int

            /// Creates a part.
            ///
            /// - Parameters:
            ///   - index: Which part, counted from 0.
            ///   - total: How many parts, 1 to 1,000,000.
            public init(_ index: Int, of total: Int) {
                self.index = index
                self.total = total
            }
        }

        /// The table's name.
        public var table: String
        /// The secondary index to read; `nil` for the table itself.
        public var index: String?
        /// Which of the items read to return.
        public var filter: Expression?
        /// The attributes to return; `nil` for all.
        public var projection: Expression?
        /// Whether the read sees every write that ended before it; not on a global index.
        public var consistentRead: Bool
        /// The most items to read, before the filter; `nil` for as many as 1 MB holds.
        public var limit: Int?
        /// Where the page before this one ended; `nil` for the first.
        public var exclusiveStartKey: WireItem?
        /// The part to read; `nil` for the whole.
        public var segment: Segment?
        /// How closely to tell what was consumed; as the level of the metrics asks when `nil`.
        public var returnConsumedCapacity: CapacityDetail?

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - table: The table's name.
        ///   - index: The secondary index to read.
        ///   - filter: Which of the items read to return.
        ///   - projection: The attributes to return.
        ///   - consistentRead: Whether the read sees every write that ended before it.
        ///   - limit: The most items to read, before the filter.
        ///   - exclusiveStartKey: Where the page before this one ended.
        ///   - segment: The part to read; `nil` for the whole.
        public init(
            table: String, index: String? = nil, filter: Expression? = nil, projection: Expression? = nil,
            consistentRead: Bool = false, limit: Int? = nil, exclusiveStartKey: WireItem? = nil,
            segment: Segment? = nil
        ) {
            self.table = table
            self.index = index
            self.filter = filter
            self.projection = projection
            self.consistentRead = consistentRead
            self.limit = limit
            self.exclusiveStartKey = exclusiveStartKey
            self.segment = segment
        }
    }

    /// Reads one page of a table or an index, in no particular order.
    ///
    /// - Parameters:
    ///   - input: What to read.
    ///   - models: The models on whose behalf.
    /// - Returns: One page of at most 1 MB before the filter; it may be empty and still not be the last.
    /// - Throws: ``ServiceError`` when DynamoDB refuses or retries run out.
    /// - Cost: One read unit per 4 KB read, before filtering; half when not consistent.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html>
    public func scan(_ input: ScanInput, models: [ModelName] = []) async throws(ServiceError) -> Page {
        let answer = try await call(
            "Scan", .read, table: input.table, index: input.index, capacity: input.returnConsumedCapacity,
            models: models
        ) {
            (json) throws(InvalidInput) in
            var expressions = ExpressionSet()
            try expressions.add("FilterExpression", input.filter)
            try expressions.add("ProjectionExpression", input.projection)
            expressions.write(to: &json)
            if let segment = input.segment {
                json.key("Segment")
                json.integer(segment.index)
                json.key("TotalSegments")
                json.integer(segment.total)
            }
            json.writePaging(
                consistentRead: input.consistentRead, limit: input.limit, startKey: input.exclusiveStartKey
            )
        }
        return Page(answer)
    }
}
