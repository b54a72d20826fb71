/// Where credentials come from.
///
/// Asked before each attempt of each call, by many calls at once: a conforming type keeps what it has until shortly
/// before it expires.
public protocol CredentialProvider: Sendable {
    /// Returns credentials that are valid now.
    ///
    /// - Returns: The credentials to sign with.
    /// - Throws: An error that says where they were looked for and what to do.
    func credentials() async throws -> Credentials
}
