public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// Whether and how the items of a table expire.
    public struct TimeToLive: Sendable, Hashable {
        /// `ENABLED`, `DISABLED`, `ENABLING` or `DISABLING`.
        public var status: String
        /// The attribute that holds an item's last moment; `nil` while items do not expire.
        public var attribute: String?

        /// Whether items expire.
        public var isEnabled: Bool { status == "ENABLED" }
    }

    /// Returns whether and how the items of a table expire.
    ///
    /// - Parameters:
    ///   - table: The table's name.
    ///   - models: The models on whose behalf.
    /// - Returns: The state and the attribute.
    /// - Throws: ``ServiceError`` when there is no such table, DynamoDB refuses or retries run out.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html>
    public func describeTimeToLive(
        _ table: String, models: [ModelName] = []
    ) async throws(ServiceError) -> TimeToLive {
        try await call("DescribeTimeToLive", resource: table, models: models) { (json) throws(InvalidInput) in
            json.member("TableName", table)
        } read: { (reader, _, _) throws(JSONError) in
            var output = TimeToLive(status: "DISABLED")
            try reader.members { (key, reader) throws(JSONError) in
                guard reader.matches(key, "TimeToLiveDescription") else { return false }
                try reader.members { (key, reader) throws(JSONError) in
                    if reader.matches(key, "TimeToLiveStatus") {
                        output.status = try reader.string()
                    } else if reader.matches(key, "AttributeName") {
                        output.attribute = try reader.string()
                    } else {
                        return false
                    }
                    return true
                }
                return true
            }
            return output
        }
    }
}
