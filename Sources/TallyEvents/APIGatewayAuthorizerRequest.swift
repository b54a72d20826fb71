/// What a REST API asks an authorizer of type `REQUEST`, and an HTTP API with payload format 1.0: whether a request may
/// go on.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html>
public struct APIGatewayAuthorizerRequest: Codable, Sendable, Hashable {
    /// The payload format, `1.0`, with HTTP APIs.
    public let version: String?
    /// The authorizer's type, `REQUEST`.
    public let type: String
    /// The method called.
    public let methodArn: String
    /// The values of the identity sources, separated by commas, with HTTP APIs.
    public let identitySource: String?
    /// The value of the identity source, with HTTP APIs.
    public let authorizationToken: String?
    /// The resource that matched, such as `/documents/{id}`.
    public let resource: String?
    /// The path, without the stage.
    public let path: String?
    /// The method, such as `GET`.
    public let httpMethod: String?
    /// The headers, the last value of each.
    public let headers: [String: String]?
    /// The headers, all values of each.
    public let multiValueHeaders: [String: [String]]?
    /// The query's parameters, the last value of each.
    public let queryStringParameters: [String: String]?
    /// The query's parameters, all values of each.
    public let multiValueQueryStringParameters: [String: [String]]?
    /// The resource's path parameters.
    public let pathParameters: [String: String]?
    /// The stage's variables.
    public let stageVariables: [String: String]?
    /// What the gateway knows of the request beside its content.
    public let requestContext: APIGatewayRequest.Context
}
