extension DynamoDB {
    /// One page of a query or a scan.
    public struct Page: Sendable {
        /// The items that passed the filter.
        public var items: [WireItem]
        /// Where the next page begins; `nil` on the last.
        public var lastEvaluatedKey: WireItem?
        /// How many items passed the filter.
        public var count: Int
        /// How many items were read.
        public var scannedCount: Int
        /// The read capacity consumed; `nil` when it was not asked for.
        public var consumedCapacity: ConsumedCapacity?

        init(_ answer: DynamoDBAnswer) {
            items = answer.items
            lastEvaluatedKey = answer.lastEvaluatedKey
            count = answer.count ?? answer.items.count
            scannedCount = answer.scannedCount ?? count
            consumedCapacity = answer.capacity
        }
    }
}
