import TallyMetrics
import TallyWire

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

extension CapacityDetail {
    // At level none nothing is recorded, so nothing is asked for; outside any scope the caller still gets the total.
    fileprivate static var ofMetrics: CapacityDetail? {
        switch MetricsScope.current?.level {
        case nil, .summary: .total
        case .detailed: .indexes
        case .some(.none): nil
        }
    }
}

extension JSONKey {
    fileprivate static let returnConsumedCapacity = JSONKey("ReturnConsumedCapacity")
}

extension JSONWriter {
    /// Writes how closely a request asks for its capacity: `detail`, or as the level of the metrics has it.
    mutating func returnConsumedCapacity(_ detail: CapacityDetail?) {
        guard let detail = detail ?? .ofMetrics else { return }
        key(.returnConsumedCapacity)
        string(detail.rawValue)
    }
}
