public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// One write of a batch; it has no condition.
    public struct WriteRequest: Sendable {
        enum Kind: Sendable {
            case put(WireItem)
            case delete(WireItem)
        }

        let kind: Kind

        /// Writes an item in place of any other with its key.
        ///
        /// - Parameter item: The whole item.
        /// - Returns: The write.
        public static func put(_ item: WireItem) -> WriteRequest { WriteRequest(kind: .put(item)) }

        /// Removes an item, if it is there.
        ///
        /// - Parameter key: The whole primary key.
        /// - Returns: The write.
        public static func delete(_ key: WireItem) -> WriteRequest { WriteRequest(kind: .delete(key)) }

        /// The item that is put; `nil` for a removal.
        public var item: WireItem? {
            if case .put(let item) = kind { item } else { nil }
        }

        /// The key that is removed; `nil` for a put.
        public var key: WireItem? {
            if case .delete(let key) = kind { key } else { nil }
        }
    }

    /// What ``DynamoDB/batchWriteItem(_:models:)`` did.
    public struct BatchWriteItemOutput: Sendable {
        /// The writes that were not done, by table.
        public var unprocessedItems: [String: [WriteRequest]] = [:]
        /// The write capacity consumed, by table; empty when it was not asked for.
        public var consumedCapacity: [ConsumedCapacity] = []
    }

    /// Puts and removes up to 25 items in one request, each on its own.
    ///
    /// What comes back unprocessed is for the caller to send again; ``batchWrite(_:models:)`` does so.
    ///
    /// - Parameters:
    ///   - tables: What to write, by table: 1 to 25 writes altogether, of different items, and at most 16 MB.
    ///   - capacity: How closely to tell what was consumed; as the level of the metrics asks when `nil`.
    ///   - models: The models on whose behalf.
    /// - Returns: The writes not done.
    /// - Throws: ``ServiceError`` when there are too many writes, DynamoDB refuses or retries run out.
    /// - Cost: One write unit per KB of each item, and more for each index touched.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>
    public func batchWriteItem(
        _ tables: [String: [WriteRequest]], capacity: CapacityDetail? = nil, models: [ModelName] = []
    ) async throws(ServiceError) -> BatchWriteItemOutput {
        let count = tables.values.reduce(0) { $0 + $1.count }
        return try await call("BatchWriteItem", resource: Self.resource(of: tables.keys), models: models) {
            (json) throws(InvalidInput) in
            try InvalidInput.check(count, in: 1...25, "writes")
            json.object("RequestItems") { json in
                for (table, requests) in tables.sorted(by: { $0.key < $1.key }) {
                    json.objects(table, requests) { request, json in request.write(to: &json) }
                }
            }
            json.returnConsumedCapacity(capacity)
        } read: { (reader, body, record) throws(JSONError) in
            var output = BatchWriteItemOutput()
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "UnprocessedItems") {
                    try reader.beginObject()
                    while let table = try reader.nextMember() {
                        output.unprocessedItems[table] = try WriteRequest.list(from: &reader, in: body)
                    }
                } else if reader.matches(key, "ConsumedCapacity") {
                    output.consumedCapacity = try ConsumedCapacity.list(from: &reader)
                } else {
                    return false
                }
                return true
            }
            record.note(output.consumedCapacity, .write)
            record.itemCount = count - output.unprocessedItems.values.reduce(0) { $0 + $1.count }
            Self.noteSizes(ofPuts: tables, except: output.unprocessedItems, for: models)
            return output
        }
    }
}

extension DynamoDB.WriteRequest {
    fileprivate func write(to json: inout JSONWriter) {
        switch kind {
        case .put(let item): json.object("PutRequest") { $0.member("Item", item) }
        case .delete(let key): json.object("DeleteRequest") { $0.member("Key", key) }
        }
    }

    fileprivate static func list(from reader: inout JSONReader, in body: [UInt8]) throws(JSONError) -> [Self] {
        var requests: [Self] = []
        try reader.elements { (reader) throws(JSONError) in
            try reader.members { (kind, reader) throws(JSONError) in
                let isPut = reader.matches(kind, "PutRequest")
                guard isPut || reader.matches(kind, "DeleteRequest") else { return false }
                try reader.members { (_, reader) throws(JSONError) in
                    let item = WireItem(buffer: body, range: try reader.skipValue())
                    requests.append(isPut ? .put(item) : .delete(item))
                    return true
                }
                return true
            }
        }
        return requests
    }

    /// Bytes that the write takes in a request, more or less.
    var size: Int { (item ?? key)?.bytes.count ?? 0 }
}
