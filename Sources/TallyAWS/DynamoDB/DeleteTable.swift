public import TallyMetrics

extension DynamoDB {
    /// Begins to remove a table with all its items.
    ///
    /// - Parameters:
    ///   - table: The table's name.
    ///   - models: The models on whose behalf.
    /// - Returns: What DynamoDB tells of the table.
    /// - Throws: ``ServiceError`` when there is no such table or it is protected, DynamoDB refuses or retries run out.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html>
    @discardableResult
    public func deleteTable(
        _ table: String, models: [ModelName] = []
    ) async throws(ServiceError) -> TableDescription {
        try await describe("DeleteTable", "TableDescription", table: table, models: models)
    }
}
