public import TallyWire

/// An answer to an ``APIGatewayTokenAuthorizerRequest`` or ``APIGatewayAuthorizerRequest``: who calls, and what they
/// may.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html>
public struct APIGatewayAuthorizerResponse: Codable, Sendable, Hashable {
    /// An IAM policy.
    public struct PolicyDocument: Codable, Sendable, Hashable {
        /// The version of the policy language, `2012-10-17`.
        public var version: String
        /// What is allowed and what is denied.
        public var statement: [Statement]

        private enum CodingKeys: String, CodingKey {
            case version = "Version"
            case statement = "Statement"
        }

        /// Creates a policy.
        ///
        /// - Parameters:
        ///   - version: The version of the policy language.
        ///   - statement: What is allowed and what is denied.
        public init(version: String = "2012-10-17", statement: [Statement]) {
            self.version = version
            self.statement = statement
        }
    }

    /// A rule of a policy.
    public struct Statement: Codable, Sendable, Hashable {
        /// What a rule does.
        public struct Effect: RawRepresentable, Codable, Sendable, Hashable {
            /// The effect's name, such as `Allow`.
            public let rawValue: String

            /// Creates an effect from its name.
            ///
            /// - Parameter rawValue: The effect's name.
            public init(rawValue: String) {
                self.rawValue = rawValue
            }

            /// Permits what no other rule denies.
            public static let allow = Effect(rawValue: "Allow")
            /// Forbids.
            public static let deny = Effect(rawValue: "Deny")
        }

        /// The actions, such as `execute-api:Invoke`; one is encoded as text, several as array.
        public var action: [String]
        /// Whether the rule allows or denies.
        public var effect: Effect
        /// The methods, with `*` and `?` as wildcards; one is encoded as text, several as array.
        public var resource: [String]

        private enum CodingKeys: String, CodingKey {
            case action = "Action"
            case effect = "Effect"
            case resource = "Resource"
        }

        /// Creates a rule.
        ///
        /// - Parameters:
        ///   - action: The actions.
        ///   - effect: Whether the rule allows or denies.
        ///   - resource: The methods, with `*` and `?` as wildcards.
        public init(action: [String] = ["execute-api:Invoke"], effect: Effect, resource: [String]) {
            self.action = action
            self.effect = effect
            self.resource = resource
        }

        /// Decodes a rule.
        ///
        /// - Parameter decoder: Has the rule.
        /// - Throws: `DecodingError` where it is none.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func texts(_ key: CodingKeys) throws -> [String] {
                if let text = try? container.decode(String.self, forKey: key) { return [text] }
                return try container.decode([String].self, forKey: key)
            }
            action = try texts(.action)
            effect = try container.decode(Effect.self, forKey: .effect)
            resource = try texts(.resource)
        }

        /// Encodes the rule.
        ///
        /// - Parameter encoder: Takes the rule.
        /// - Throws: What the encoder throws.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            func encode(_ texts: [String], _ key: CodingKeys) throws {
                if texts.count == 1 {
                    try container.encode(texts[0], forKey: key)
                } else {
                    try container.encode(texts, forKey: key)
                }
            }
            try encode(action, .action)
            try container.encode(effect, forKey: .effect)
            try encode(resource, .resource)
        }
    }

    /// Who calls.
    public var principalId: String
    /// What they may.
    public var policyDocument: PolicyDocument
    /// What the integration is told, texts, numbers and Booleans only, as ``APIGatewayRequest/Context/authorizer``.
    public var context: [String: JSONValue]?
    /// The API key that counts for the usage plan, where the API takes it from the authorizer.
    public var usageIdentifierKey: String?

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - principalId: Who calls.
    ///   - policyDocument: What they may.
    ///   - context: What the integration is told, texts, numbers and Booleans only.
    ///   - usageIdentifierKey: The API key that counts for the usage plan.
    public init(
        principalId: String, policyDocument: PolicyDocument, context: [String: JSONValue]? = nil,
        usageIdentifierKey: String? = nil
    ) {
        self.principalId = principalId
        self.policyDocument = policyDocument
        self.context = context
        self.usageIdentifierKey = usageIdentifierKey
    }
}
