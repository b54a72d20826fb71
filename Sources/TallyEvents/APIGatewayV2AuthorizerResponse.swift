public import TallyWire

/// An answer to an ``APIGatewayV2AuthorizerRequest`` where the authorizer has simple responses enabled.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
public struct APIGatewayV2AuthorizerResponse: Codable, Sendable, Hashable {
    /// Whether the request may go on.
    public var isAuthorized: Bool
    /// What the integration is told, as ``APIGatewayV2Request/Context/Authorizer/lambda``.
    public var context: [String: JSONValue]?

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - isAuthorized: Whether the request may go on.
    ///   - context: What the integration is told.
    public init(isAuthorized: Bool, context: [String: JSONValue]? = nil) {
        self.isAuthorized = isAuthorized
        self.context = context
    }
}
