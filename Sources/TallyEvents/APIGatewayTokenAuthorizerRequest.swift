/// What a REST API asks an authorizer of type `TOKEN`: whether the bearer of a token may call a method.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html>
public struct APIGatewayTokenAuthorizerRequest: Codable, Sendable, Hashable {
    /// The authorizer's type, `TOKEN`.
    public let type: String
    /// The token as the header has it.
    public let authorizationToken: String
    /// The method called.
    public let methodArn: String
}
