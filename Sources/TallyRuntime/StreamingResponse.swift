/// An answer that is sent while it is made, of up to 200 MB.
///
///     func handle(_ query: Query, _ context: Context) -> StreamingResponse {
///         StreamingResponse(status: 200, headers: ["Content-Type": "text/csv"]) { writer in
///             for try await page in store.query(Row.query(partition: query.id)).pages {
///                 try await writer.write(page.items.map(\.csv).joined())
///             }
///         }
///     }
///
/// The caller sees the bytes as they come where the function is invoked through a function URL with invoke mode
/// `RESPONSE_STREAM`, through `InvokeWithResponseStream`, or through an API Gateway that streams.
///
/// What the body throws before it has written anything is reported as the invocation's error. After that the answer
/// breaks off with trailers that tell the error's type and message.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html>
public struct StreamingResponse: Sendable {
    /// What the answer's bytes are.
    public let contentType: String
    /// The content type of an answer that begins with status and headers.
    package static let integrationType = "application/vnd.awslambda.http-integration-response"
    /// Status, headers and cookies, as they stand before the body.
    let prelude: HTTPPrelude?
    let body: @Sendable (ResponseWriter) async throws -> Void

    /// Creates an answer of bytes alone.
    ///
    /// - Parameters:
    ///   - contentType: What the bytes are.
    ///   - body: Writes them; it has ended with the answer unless it calls ``ResponseWriter/finish()`` before.
    public init(
        contentType: String = "application/octet-stream",
        body: @escaping @Sendable (ResponseWriter) async throws -> Void
    ) {
        self.contentType = contentType
        prelude = nil
        self.body = body
    }

    /// Creates an answer to an HTTP request, for function URLs and API Gateway.
    ///
    /// - Parameters:
    ///   - status: The HTTP status, 100 to 599.
    ///   - headers: HTTP headers; one that occurs several times has its values joined with commas.
    ///   - cookies: Cookies to set, each as in `Set-Cookie`.
    ///   - body: Writes the HTTP body; it has ended with the answer unless it calls ``ResponseWriter/finish()`` before.
    public init(
        status: Int, headers: [String: String] = [:], cookies: [String] = [],
        body: @escaping @Sendable (ResponseWriter) async throws -> Void
    ) {
        contentType = Self.integrationType
        prelude = HTTPPrelude(status: status, headers: headers, cookies: cookies)
        self.body = body
    }
}
