public import TallyWire

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
    /// What the bytes of an answer are, as the Runtime API is told; `nil` for JSON.
    public var contentType: String?

    /// Creates a payload.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - contentType: What they are, such as `image/png`; `nil` for JSON.
    public init(_ bytes: [UInt8], contentType: String? = nil) {
        self.bytes = bytes
        self.contentType = contentType
    }

    /// Reads the bytes as JSON of any shape.
    ///
    /// - Returns: The value.
    /// - Throws: `JSONDecodingError` when they are not JSON.
    /// - Complexity: O(bytes).
    public func json() throws(JSONDecodingError) -> JSONValue { try JSONValue(json: bytes) }
}
