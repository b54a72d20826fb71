/// The stretch of time of which a stream's records are, where the event source mapping has such windows.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html>
public struct TumblingWindow: Codable, Sendable, Hashable {
    /// When the window begins, in ISO 8601.
    public let start: String
    /// When the window ends, in ISO 8601.
    public let end: String
}
