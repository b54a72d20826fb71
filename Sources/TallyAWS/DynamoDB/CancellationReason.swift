import TallyWire

/// Why one action of a transaction kept it from being done, or that it did not.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html>
public struct CancellationReason: Sendable {
    /// Such as `ConditionalCheckFailed` or `TransactionConflict`; `nil` for an action that was in order.
    public var code: String?
    /// What DynamoDB said.
    public var message: String?
    /// The item that made a condition fail, when the action asked for it.
    public var item: WireItem?

    /// Creates a reason.
    ///
    /// - Parameters:
    ///   - code: Such as `ConditionalCheckFailed`; `nil` for an action that was in order.
    ///   - message: What DynamoDB said.
    ///   - item: The item that made a condition fail.
    public init(code: String?, message: String? = nil, item: WireItem? = nil) {
        self.code = code
        self.message = message
        self.item = item
    }

    /// Whether the action's condition did not hold.
    public var isConditionalFailure: Bool { code == "ConditionalCheckFailed" }
}

extension CancellationReason {
    static func list(from reader: inout JSONReader, in body: [UInt8]) throws(JSONError) -> [CancellationReason] {
        var reasons: [CancellationReason] = []
        try reader.elements { (reader) throws(JSONError) in
            var reason = CancellationReason(code: nil)
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "Code") {
                    reason.code = try reader.string()
                } else if reader.matches(key, "Message") {
                    reason.message = try reader.string()
                } else if reader.matches(key, "Item") {
                    reason.item = WireItem(buffer: body, range: try reader.skipValue())
                } else {
                    return false
                }
                return true
            }
            if reason.code == "None" { reason.code = nil }
            reasons.append(reason)
        }
        return reasons
    }
}
