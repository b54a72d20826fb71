public import TallyMetrics

extension DynamoDB {
    /// Returns what DynamoDB tells of a table.
    ///
    /// - Parameters:
    ///   - table: The table's name.
    ///   - models: The models on whose behalf.
    /// - Returns: The table's keys, indexes, state and settings.
    /// - Throws: ``ServiceError`` when there is no such table, DynamoDB refuses or retries run out.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html>
    public func describeTable(
        _ table: String, models: [ModelName] = []
    ) async throws(ServiceError) -> TableDescription {
        try await describe("DescribeTable", "Table", table: table, models: models)
    }
}
