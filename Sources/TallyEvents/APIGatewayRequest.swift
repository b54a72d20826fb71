public import TallyWire

/// An HTTP request as API Gateway's REST APIs deliver it to a Lambda proxy, and HTTP APIs with payload format 1.0.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
public struct APIGatewayRequest: Codable, Sendable, Hashable {
    /// What the gateway knows of the request beside its content.
    public struct Context: Codable, Sendable, Hashable {
        /// Who sent the request.
        public struct Identity: Codable, Sendable, Hashable {
            /// The access key that signed the request.
            public let accessKey: String?
            /// The signer's account.
            public let accountId: String?
            /// The API key sent.
            public let apiKey: String?
            /// The id of the API key sent.
            public let apiKeyId: String?
            /// The signer's id.
            public let caller: String?
            /// The certificate that the caller presented, for mutual TLS.
            public let clientCert: APIGatewayV2Request.Context.Authentication.Certificate?
            /// The providers that authenticated the caller with Cognito, separated by commas.
            public let cognitoAuthenticationProvider: String?
            /// Whether the Cognito identity is `authenticated` or `unauthenticated`.
            public let cognitoAuthenticationType: String?
            /// The Cognito identity.
            public let cognitoIdentityId: String?
            /// The pool of the Cognito identity.
            public let cognitoIdentityPoolId: String?
            /// The signer's organization.
            public let principalOrgId: String?
            /// The caller's address.
            public let sourceIp: String?
            /// The signer's id.
            public let user: String?
            /// The caller's `User-Agent`.
            public let userAgent: String?
            /// The signer.
            public let userArn: String?
            /// The VPC from which a private API was called.
            public let vpcId: String?
            /// The VPC endpoint through which a private API was called.
            public let vpceId: String?
        }

        /// The API's owner.
        public let accountId: String?
        /// The API.
        public let apiId: String?
        /// What an authorizer answered: its context and `principalId`, or a Cognito token's `claims`.
        public let authorizer: [String: JSONValue]?
        /// The deployment of the API.
        public let deploymentId: String?
        /// The host asked.
        public let domainName: String?
        /// The host's first label.
        public let domainPrefix: String?
        /// The gateway's other id of the request, for AWS's support.
        public let extendedRequestId: String?
        /// The method, such as `GET`.
        public let httpMethod: String?
        /// Who sent the request.
        public let identity: Identity?
        /// The name of the method's operation.
        public let operationName: String?
        /// The path as requested, stage included.
        public let path: String?
        /// Such as `HTTP/1.1`.
        public let `protocol`: String?
        /// The gateway's id of the request.
        public let requestId: String?
        /// When the request came, such as `12/Mar/2020:19:03:58 +0000`.
        public let requestTime: String?
        /// When the request came, in milliseconds since the epoch.
        public let requestTimeEpoch: Int?
        /// The id of the resource that matched.
        public let resourceId: String?
        /// The path of the resource that matched, such as `/documents/{id}`.
        public let resourcePath: String?
        /// The stage asked.
        public let stage: String?

        /// When the request came.
        public var timestamp: Timestamp? { requestTimeEpoch.map { Timestamp(milliseconds: Int64($0)) } }
    }

    /// The payload format, `1.0`, with HTTP APIs.
    public let version: String?
    /// The resource that matched, such as `/documents/{id}`.
    public let resource: String?
    /// The path, without the stage.
    public let path: String
    /// The method, such as `GET`.
    public let httpMethod: String
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
    public let requestContext: Context
    /// The content.
    public let body: String?
    /// Whether ``body`` is base64.
    public let isBase64Encoded: Bool?
}
