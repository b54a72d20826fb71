/// An answer to an ``ALBRequest``.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html>
public struct ALBResponse: Codable, Sendable, Hashable {
    /// The HTTP status.
    public var statusCode: Int
    /// The status with its text, such as `200 OK`.
    public var statusDescription: String?
    /// The headers, where the target group has not `lambda.multi_value_headers.enabled`.
    public var headers: [String: String]?
    /// The headers, where the target group has `lambda.multi_value_headers.enabled`.
    public var multiValueHeaders: [String: [String]]?
    /// The content.
    public var body: String?
    /// Whether ``body`` is base64 of the content.
    public var isBase64Encoded: Bool?

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - statusCode: The HTTP status.
    ///   - statusDescription: The status with its text, such as `200 OK`.
    ///   - headers: The headers, where the target group has not `lambda.multi_value_headers.enabled`.
    ///   - multiValueHeaders: The headers, where the target group has `lambda.multi_value_headers.enabled`.
    ///   - body: The content.
    ///   - isBase64Encoded: Whether `body` is base64 of the content.
    public init(
        statusCode: Int, statusDescription: String? = nil, headers: [String: String]? = nil,
        multiValueHeaders: [String: [String]]? = nil, body: String? = nil, isBase64Encoded: Bool? = nil
    ) {
        self.statusCode = statusCode
        self.statusDescription = statusDescription
        self.headers = headers
        self.multiValueHeaders = multiValueHeaders
        self.body = body
        self.isBase64Encoded = isBase64Encoded
    }
}
