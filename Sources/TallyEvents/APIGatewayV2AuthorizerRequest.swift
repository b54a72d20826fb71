/// What an HTTP API asks an authorizer with payload format 2.0: whether a request may go on.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
public struct APIGatewayV2AuthorizerRequest: Codable, Sendable, Hashable {
    /// The payload format, `2.0`.
    public let version: String
    /// The authorizer's type, `REQUEST`.
    public let type: String
    /// The route called.
    public let routeArn: String
    /// The values of the identity sources.
    public let identitySource: [String]?
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
    public let requestContext: APIGatewayV2Request.Context
}
