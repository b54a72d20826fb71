/// What ``Field/encrypted(_:_:key:)`` takes: a ``Secret`` or an optional one.
public protocol SecretValue: StorableValue {
    /// Whether there is something to encrypt.
    var isPresent: Bool { get }
}

extension Secret: SecretValue {
    /// A secret is always there to be encrypted.
    public var isPresent: Bool { true }
}

extension Optional: SecretValue where Wrapped: SecretValue {
    /// Whether there is a secret.
    public var isPresent: Bool { self != nil }
}
