public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// Turns the expiry of items on or off; it takes up to an hour, and one change an hour is allowed.
    ///
    /// - Parameters:
    ///   - table: The table's name.
    ///   - attribute: The attribute that holds an item's last moment, in seconds since 1970.
    ///   - isEnabled: Whether items expire.
    ///   - models: The models on whose behalf.
    /// - Throws: ``ServiceError`` when it is as asked already, DynamoDB refuses or retries run out.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html>
    public func updateTimeToLive(
        table: String, attribute: String, isEnabled: Bool = true, models: [ModelName] = []
    ) async throws(ServiceError) {
        try await call("UpdateTimeToLive", resource: table, models: models) { (json) throws(InvalidInput) in
            json.member("TableName", table)
            json.object("TimeToLiveSpecification") { json in
                json.member("AttributeName", attribute)
                json.key("Enabled")
                json.bool(isEnabled)
            }
        } read: { (reader, _, _) throws(JSONError) in
            _ = try reader.skipValue()
        }
    }
}
