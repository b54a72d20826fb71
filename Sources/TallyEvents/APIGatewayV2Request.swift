/// An HTTP request as API Gateway's HTTP APIs and Lambda function URLs deliver it (payload format 2.0).
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
public struct APIGatewayV2Request: Codable, Sendable {
    /// What the gateway knows of the request beside its content.
    public struct Context: Codable, Sendable {
        /// The request line.
        public struct HTTP: Codable, Sendable {
            /// The method, such as `GET`.
            public let method: String
            /// The path as requested, stage included.
            public let path: String
            /// Such as `HTTP/1.1`.
            public let `protocol`: String?
            /// The caller's address.
            public let sourceIp: String?
            /// The caller's `User-Agent`.
            public let userAgent: String?
        }

        /// The API's owner.
        public let accountId: String?
        /// The API.
        public let apiId: String?
        /// The host asked.
        public let domainName: String?
        /// The request line.
        public let http: HTTP
        /// The gateway's id of the request.
        public let requestId: String?
        /// The route that matched.
        public let routeKey: String?
        /// The stage asked.
        public let stage: String?
        /// When the request came, in milliseconds since the epoch.
        public let timeEpoch: Int?
    }

    /// The payload format, `2.0`.
    public let version: String
    /// The route that matched, such as `GET /documents/{id}`.
    public let routeKey: String?
    /// The path, without the stage of a named stage's domain.
    public let rawPath: String
    /// The query as requested.
    public let rawQueryString: String?
    /// The cookies sent.
    public let cookies: [String]?
    /// The headers, names in lower case, several values joined by commas.
    public let headers: [String: String]?
    /// The query's parameters, several values joined by commas.
    public let queryStringParameters: [String: String]?
    /// The route's path parameters.
    public let pathParameters: [String: String]?
    /// The stage's variables.
    public let stageVariables: [String: String]?
    /// What the gateway knows of the request beside its content.
    public let requestContext: Context
    /// The content.
    public let body: String?
    /// Whether ``body`` is base64.
    public let isBase64Encoded: Bool?
}
