public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// The keys that a batch reads from one table.
    public struct BatchKeys: Sendable {
        /// Whole primary keys, each once.
        public var keys: [WireItem]
        /// Whether the reads see every write that ended before them, at twice the capacity.
        public var consistentRead: Bool
        /// The attributes to return; `nil` for all.
        public var projection: Expression?

        /// Creates the part of a batch that one table has.
        ///
        /// - Parameters:
        ///   - keys: Whole primary keys, each once.
        ///   - consistentRead: Whether the reads see every write that ended before them.
        ///   - projection: The attributes to return; `nil` for all.
        public init(_ keys: [WireItem], consistentRead: Bool = false, projection: Expression? = nil) {
            self.keys = keys
            self.consistentRead = consistentRead
            self.projection = projection
        }
    }

    /// What ``DynamoDB/batchGetItem(_:models:)`` found.
    public struct BatchGetItemOutput: Sendable {
        /// The items that are there, by table and in no particular order.
        public var items: [String: [WireItem]] = [:]
        /// The keys that were not read, by table: too much at once, or more than 16 MB.
        public var unprocessedKeys: [String: BatchKeys] = [:]
        /// The read capacity consumed, by table; empty when it was not asked for.
        public var consumedCapacity: [ConsumedCapacity] = []
    }

    /// Reads up to 100 items by their keys in one request.
    ///
    /// What comes back unprocessed is for the caller to ask again; ``batchGet(_:models:)`` does so.
    ///
    /// - Parameters:
    ///   - tables: What to read, by table: 1 to 100 keys altogether.
    ///   - capacity: How closely to tell what was consumed; as the level of the metrics asks when `nil`.
    ///   - models: The models on whose behalf.
    /// - Returns: The items found and the keys not read.
    /// - Throws: ``ServiceError`` when there are too many keys, DynamoDB refuses or retries run out.
    /// - Cost: One read unit per 4 KB of each item; half when not consistent.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>
    public func batchGetItem(
        _ tables: [String: BatchKeys], capacity: CapacityDetail? = nil, models: [ModelName] = []
    ) async throws(ServiceError) -> BatchGetItemOutput {
        try await call("BatchGetItem", resource: Self.resource(of: tables.keys), models: models) {
            (json) throws(InvalidInput) in
            try InvalidInput.check(tables.values.reduce(0) { $0 + $1.keys.count }, in: 1...100, "keys")
            try json.object("RequestItems") { (json) throws(InvalidInput) in
                for (table, keys) in tables.sorted(by: { $0.key < $1.key }) where !keys.keys.isEmpty {
                    try json.object(table) { (json) throws(InvalidInput) in try keys.write(to: &json) }
                }
            }
            json.returnConsumedCapacity(capacity)
        } read: { (reader, body, record) throws(JSONError) in
            var output = BatchGetItemOutput()
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "Responses") {
                    try reader.beginObject()
                    while let table = try reader.nextMember() { output.items[table] = try reader.items(in: body) }
                } else if reader.matches(key, "UnprocessedKeys") {
                    try reader.beginObject()
                    while let table = try reader.nextMember() {
                        var rest = tables[table] ?? BatchKeys([])
                        rest.keys = try BatchKeys.keys(from: &reader, in: body)
                        output.unprocessedKeys[table] = rest
                    }
                } else if reader.matches(key, "ConsumedCapacity") {
                    output.consumedCapacity = try ConsumedCapacity.list(from: &reader)
                } else {
                    return false
                }
                return true
            }
            record.note(output.consumedCapacity, .read)
            record.itemCount = output.items.values.reduce(0) { $0 + $1.count }
            Self.noteSizes(of: output.items.values.joined(), for: models)
            return output
        }
    }

    /// The one table of a request, or `nil` when it has several.
    static func resource(of tables: some Collection<String>) -> String? {
        Set(tables).count == 1 ? tables.first : nil
    }
}

extension DynamoDB.BatchKeys {
    fileprivate func write(to json: inout JSONWriter) throws(InvalidInput) {
        json.key("Keys")
        json.beginArray()
        for key in keys { key.write(to: &json) }
        json.endArray()
        json.member("ConsistentRead", ifTrue: consistentRead)
        var expressions = ExpressionSet()
        try expressions.add("ProjectionExpression", projection)
        expressions.write(to: &json)
    }

    fileprivate static func keys(from reader: inout JSONReader, in body: [UInt8]) throws(JSONError) -> [WireItem] {
        var keys: [WireItem] = []
        try reader.members { (key, reader) throws(JSONError) in
            guard reader.matches(key, "Keys") else { return false }
            keys = try reader.items(in: body)
            return true
        }
        return keys
    }
}
