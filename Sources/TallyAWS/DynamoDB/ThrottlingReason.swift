import TallyWire

/// What DynamoDB throttled, and by which limit.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html>
public struct ThrottlingReason: Sendable, Hashable {
    /// The limit, such as `TableReadProvisionedThroughputExceeded` or `IndexWriteKeyRangeThroughputExceeded`.
    public var reason: String
    /// The ARN of the table or index.
    public var resource: String?

    /// Creates a reason.
    ///
    /// - Parameters:
    ///   - reason: The limit.
    ///   - resource: The ARN of the table or index.
    public init(reason: String, resource: String?) {
        self.reason = reason
        self.resource = resource
    }

    /// The table's name, from the ARN.
    public var table: String? { part(after: "table") }

    /// The index's name, from the ARN; `nil` when the table itself was throttled.
    public var index: String? { part(after: "index") }

    private func part(after kind: Substring) -> String? {
        // arn:aws:dynamodb:us-east-1:123456789012:table/NAME/index/NAME
        let parts = resource?.split(separator: ":").last?.split(separator: "/") ?? []
        return parts.firstIndex(of: kind).flatMap { parts.indices.contains($0 + 1) ? String(parts[$0 + 1]) : nil }
    }
}

extension ThrottlingReason {
    static func list(from reader: inout JSONReader) throws(JSONError) -> [ThrottlingReason] {
        var reasons: [ThrottlingReason] = []
        try reader.elements { (reader) throws(JSONError) in
            var reason = ThrottlingReason(reason: "", resource: nil)
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "reason") {
                    reason.reason = try reader.string()
                } else if reader.matches(key, "resource") {
                    reason.resource = try reader.string()
                } else {
                    return false
                }
                return true
            }
            reasons.append(reason)
        }
        return reasons
    }
}
