/// Bytes of an event or an answer, as they travel.
///
/// A handler that takes or returns it works below JSON.
public struct Payload: Sendable, Hashable {
    // 6 MiB and 100 bytes. Source: the limit that the Runtime API enforces,
    // <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
    /// The most bytes that Lambda accepts as the answer of one invocation: 6,291,556.
    public static let maximumByteCount = 6 * 1024 * 1024 + 100

    /// The bytes.
    public var bytes: [UInt8]

    /// Creates a payload.
    ///
    /// - Parameter bytes: The bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}
