public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// One page of the tables of an account in a region.
    public struct ListTablesOutput: Sendable, Hashable {
        /// The tables' names, in order.
        public var tables: [String] = []
        /// Where the next page begins; `nil` on the last.
        public var lastEvaluatedTable: String?
    }

    /// Lists tables, in the order of their names.
    ///
    /// - Parameters:
    ///   - exclusiveStartTable: Where the page before this one ended.
    ///   - limit: The most names to return, 1 to 100; `nil` for 100.
    ///   - models: The models on whose behalf.
    /// - Returns: One page.
    /// - Throws: ``ServiceError`` when DynamoDB refuses or retries run out.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html>
    public func listTables(
        after exclusiveStartTable: String? = nil, limit: Int? = nil, models: [ModelName] = []
    ) async throws(ServiceError) -> ListTablesOutput {
        try await call("ListTables", resource: nil, models: models) { (json) throws(InvalidInput) in
            if let limit { try InvalidInput.check(limit, in: 1...100, "names") }
            json.member("ExclusiveStartTableName", exclusiveStartTable)
            json.member("Limit", limit)
        } read: { (reader, _, _) throws(JSONError) in
            var output = ListTablesOutput()
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "TableNames") {
                    try reader.elements { (reader) throws(JSONError) in output.tables.append(try reader.string()) }
                } else if reader.matches(key, "LastEvaluatedTableName") {
                    output.lastEvaluatedTable = try reader.string()
                } else {
                    return false
                }
                return true
            }
            return output
        }
    }
}
