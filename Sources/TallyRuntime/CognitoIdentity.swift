/// The Amazon Cognito identity that invoked a function with the AWS Mobile SDK.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-next>
public struct CognitoIdentity: Codable, Sendable, Hashable {
    /// The identity's id.
    public let identityID: String
    /// The pool that the identity is of.
    public let identityPoolID: String?

    private enum CodingKeys: String, CodingKey {
        case identityID = "cognitoIdentityId"
        case identityPoolID = "cognitoIdentityPoolId"
    }
}
