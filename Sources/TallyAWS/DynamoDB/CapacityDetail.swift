/// How closely DynamoDB tells what a request consumed.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html#DDB-GetItem-request-ReturnConsumedCapacity>
public struct CapacityDetail: RawRepresentable, Sendable, Hashable {
    /// The name in requests.
    public let rawValue: String

    /// Creates a choice from its name in requests.
    ///
    /// - Parameter rawValue: The name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Nothing; the invocation's metrics then lack the request's units.
    public static let none = CapacityDetail(rawValue: "NONE")
    /// The sum of each table.
    public static let total = CapacityDetail(rawValue: "TOTAL")
    /// The sum of each table and the share of each of its indexes.
    public static let indexes = CapacityDetail(rawValue: "INDEXES")
}
