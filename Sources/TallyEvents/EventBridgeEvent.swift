public import TallyWire

/// An event of EventBridge, with its detail as a type of the handler's choice; `JSONValue` takes any.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html>
public struct EventBridgeEvent<Detail: Decodable & Sendable>: Decodable, Sendable {
    /// The form of the event, `0`.
    public let version: String?
    /// The event's id.
    public let id: String
    /// What ``detail`` is, such as `EC2 Instance State-change Notification`.
    public let detailType: String
    /// Who sent the event, such as `aws.ec2`.
    public let source: String
    /// The account of the sender.
    public let account: String
    /// When it happened, in ISO 8601.
    public let time: String
    /// Where it happened.
    public let region: String
    /// The ARNs of what it happened to.
    public let resources: [String]
    /// What the sender says of it.
    public let detail: Detail
    /// The replay that sent the event again.
    public let replayName: String?

    private enum CodingKeys: String, CodingKey {
        case version, id, source, account, time, region, resources, detail
        case detailType = "detail-type"
        case replayName = "replay-name"
    }

    /// When it happened.
    public var timestamp: Timestamp? { Timestamp(iso8601: time) }
}

extension EventBridgeEvent: Encodable where Detail: Encodable {}
extension EventBridgeEvent: Equatable where Detail: Equatable {}
extension EventBridgeEvent: Hashable where Detail: Hashable {}
