/// Credentials given in code, for tests and scripts.
public struct StaticCredentials: CredentialProvider {
    private let value: Credentials

    /// Creates a provider of credentials that never change.
    ///
    /// - Parameter credentials: The credentials to sign with.
    public init(_ credentials: Credentials) {
        value = credentials
    }

    /// Returns the credentials given.
    ///
    /// - Returns: Always the same value.
    public func credentials() async throws -> Credentials { value }
}
