public import TallyWire

/// An event that a schedule of EventBridge sends; its detail is empty unless the rule has an input of its own.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html>
public typealias ScheduledEvent = EventBridgeEvent<[String: JSONValue]>
