/// An answer to an ``APIGatewayV2Request``.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
public struct APIGatewayV2Response: Codable, Sendable, Hashable {
    /// The HTTP status.
    public var statusCode: Int
    /// The headers.
    public var headers: [String: String]?
    /// The content.
    public var body: String?
    /// Whether ``body`` is base64 of the content.
    public var isBase64Encoded: Bool?
    /// Cookies to set.
    public var cookies: [String]?

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - statusCode: The HTTP status.
    ///   - headers: The headers.
    ///   - body: The content.
    ///   - isBase64Encoded: Whether `body` is base64 of the content.
    ///   - cookies: Cookies to set.
    public init(
        statusCode: Int, headers: [String: String]? = nil, body: String? = nil, isBase64Encoded: Bool? = nil,
        cookies: [String]? = nil
    ) {
        self.statusCode = statusCode
        self.headers = headers
        self.body = body
        self.isBase64Encoded = isBase64Encoded
        self.cookies = cookies
    }
}
