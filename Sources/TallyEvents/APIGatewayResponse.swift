/// An answer to an ``APIGatewayRequest``.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
public struct APIGatewayResponse: Codable, Sendable, Hashable {
    /// The HTTP status.
    public var statusCode: Int
    /// The headers that have one value.
    public var headers: [String: String]?
    /// The headers that have several values; one that is in ``headers`` too has the values here.
    public var multiValueHeaders: [String: [String]]?
    /// The content.
    public var body: String?
    /// Whether ``body`` is base64 of the content.
    public var isBase64Encoded: Bool?

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - statusCode: The HTTP status.
    ///   - headers: The headers that have one value.
    ///   - multiValueHeaders: The headers that have several values.
    ///   - body: The content.
    ///   - isBase64Encoded: Whether `body` is base64 of the content.
    public init(
        statusCode: Int, headers: [String: String]? = nil, multiValueHeaders: [String: [String]]? = nil,
        body: String? = nil, isBase64Encoded: Bool? = nil
    ) {
        self.statusCode = statusCode
        self.headers = headers
        self.multiValueHeaders = multiValueHeaders
        self.body = body
        self.isBase64Encoded = isBase64Encoded
    }
}
