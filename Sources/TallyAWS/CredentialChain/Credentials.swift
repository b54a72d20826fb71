public import TallyWire

/// The keys with which requests are signed.
///
/// Printing, interpolating or dumping credentials shows the access key's id and nothing else.
public struct Credentials: Sendable, Hashable {
    /// The id of the access key; not a secret.
    public var accessKeyID: String
    /// The secret half of the access key.
    public var secretAccessKey: String
    /// The token that comes with temporary credentials.
    public var sessionToken: String?
    /// When temporary credentials end; `nil` for those that last, or do not say.
    public var expiration: Timestamp?

    /// Creates credentials; an empty token counts as none.
    ///
    /// - Parameters:
    ///   - accessKeyID: The id of the access key.
    ///   - secretAccessKey: The secret half of the access key.
    ///   - sessionToken: The token that comes with temporary credentials.
    ///   - expiration: When temporary credentials end.
    public init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Timestamp? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken?.isEmpty == true ? nil : sessionToken
        self.expiration = expiration
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The access key's id; the secrets are redacted.
    public var description: String { "Credentials(\(accessKeyID), secrets redacted)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Only the access key's id, so that `dump` shows no secret.
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}
