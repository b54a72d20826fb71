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
    /// What is streamed in place of bytes.
    let stream: Stream?

    /// Whether the answer is written by a ``StreamingResponse``, once middleware has returned; its bytes are not here.
    public var isStreamed: Bool { stream != nil }

    /// A streamed answer, equal to itself alone.
    final class Stream: Sendable, Hashable {
        let response: StreamingResponse

        init(_ response: StreamingResponse) {
            self.response = response
        }

        static func == (left: Stream, right: Stream) -> Bool { left === right }

        func hash(into hasher: inout Hasher) {
            hasher.combine(ObjectIdentifier(self))
        }
    }

    /// Creates a payload.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - contentType: What they are, such as `image/png`; `nil` for JSON.
    public init(_ bytes: [UInt8], contentType: String? = nil) {
        self.bytes = bytes
        self.contentType = contentType
        stream = nil
    }

    /// Creates an answer that is streamed.
    ///
    /// For an `encode` that streams some answers and not others:
    ///
    ///     static func encode(_ page: Page) throws -> Payload {
    ///         switch page {
    ///         case .export(let rows): try Payload(streaming: rows)
    ///         case .summary(let summary): Payload(try JSONCoder().encode(summary))
    ///         }
    ///     }
    ///
    /// - Parameter response: Writes the answer.
    /// - Throws: ``RuntimeError`` when its status or its headers cannot be sent.
    public init(streaming response: StreamingResponse) throws {
        try response.prelude?.check()
        bytes = []
        contentType = response.contentType
        stream = Stream(response)
    }

    /// Refuses what the Runtime API would not take, before the answer is told as a success.
    func checkAsAnswer() throws {
        if let contentType, contentType.isEmpty || !contentType.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
            throw RuntimeError(
                .invalidContentType,
                "response: the content type is empty or has other characters than printable ASCII. Use one such as "
                    + "image/png, or nil for JSON")
        }
        guard bytes.count <= Self.maximumByteCount else {
            throw RuntimeError(
                .responseTooLarge,
                "response: \(bytes.count) bytes, Lambda takes \(Self.maximumByteCount). "
                    + "Put the content into S3 and answer with a presigned URL")
        }
    }

    /// Reads the bytes as JSON of any shape.
    ///
    /// - Returns: The value.
    /// - Throws: `JSONDecodingError` when they are not JSON.
    /// - Complexity: O(bytes).
    public func json() throws(JSONDecodingError) -> JSONValue { try JSONValue(json: bytes) }
}
