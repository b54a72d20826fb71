public import TallyWire

/// An HTTP request as API Gateway's HTTP APIs and Lambda function URLs deliver it (payload format 2.0).
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
public struct APIGatewayV2Request: Codable, Sendable, Hashable {
    /// What the gateway knows of the request beside its content.
    public struct Context: Codable, Sendable, Hashable {
        /// The request line.
        public struct HTTP: Codable, Sendable, Hashable {
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

        /// The certificate that the caller presented, for mutual TLS.
        public struct Authentication: Codable, Sendable, Hashable {
            /// A certificate.
            public struct Certificate: Codable, Sendable, Hashable {
                /// When the certificate holds, in the form of OpenSSL.
                public struct Validity: Codable, Sendable, Hashable {
                    /// The first moment.
                    public let notBefore: String?
                    /// The last moment.
                    public let notAfter: String?
                }

                /// The certificate in PEM form.
                public let clientCertPem: String?
                /// Who it is for.
                public let subjectDN: String?
                /// Who issued it.
                public let issuerDN: String?
                /// Its number.
                public let serialNumber: String?
                /// When it holds.
                public let validity: Validity?
            }

            /// The caller's certificate.
            public let clientCert: Certificate?
        }

        /// What the route's authorizer found out of the caller.
        public struct Authorizer: Codable, Sendable, Hashable {
            /// A token that a JWT authorizer accepted.
            public struct JWT: Codable, Sendable, Hashable {
                /// The token's claims.
                public let claims: [String: String]?
                /// The scopes that the route asked for and the token has.
                public let scopes: [String]?
            }

            /// Who signed the request.
            public struct IAM: Codable, Sendable, Hashable {
                /// An identity of a Cognito pool.
                public struct CognitoIdentity: Codable, Sendable, Hashable {
                    /// How the identity was authenticated.
                    public let amr: [String]?
                    /// The identity.
                    public let identityId: String?
                    /// The pool it is of.
                    public let identityPoolId: String?
                }

                /// The access key that signed.
                public let accessKey: String?
                /// The signer's account.
                public let accountId: String?
                /// The signer's id.
                public let callerId: String?
                /// The signer's Cognito identity; never with function URLs.
                public let cognitoIdentity: CognitoIdentity?
                /// The signer's organization.
                public let principalOrgId: String?
                /// The signer.
                public let userArn: String?
                /// The signer's id.
                public let userId: String?
            }

            /// Who signed the request, with IAM authorization.
            public let iam: IAM?
            /// The token, with a JWT authorizer.
            public let jwt: JWT?
            /// What a Lambda authorizer answered as its context.
            public let lambda: [String: JSONValue]?
        }

        /// The certificate that the caller presented, for mutual TLS.
        public let authentication: Authentication?
        /// What the route's authorizer found out of the caller.
        public let authorizer: Authorizer?
        /// The API's owner.
        public let accountId: String?
        /// The API.
        public let apiId: String?
        /// The host asked.
        public let domainName: String?
        /// The host's first label.
        public let domainPrefix: String?
        /// The request line.
        public let http: HTTP
        /// The gateway's id of the request.
        public let requestId: String?
        /// The route that matched.
        public let routeKey: String?
        /// The stage asked.
        public let stage: String?
        /// When the request came, such as `12/Mar/2020:19:03:58 +0000`.
        public let time: String?
        /// When the request came, in milliseconds since the epoch.
        public let timeEpoch: Int?

        /// When the request came.
        public var timestamp: Timestamp? { timeEpoch.map { Timestamp(milliseconds: Int64($0)) } }
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
