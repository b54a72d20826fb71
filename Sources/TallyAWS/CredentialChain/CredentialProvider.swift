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

    /// Returns other credentials than those that a service has called expired.
    ///
    /// - Parameter rejected: What the service refused.
    /// - Returns: Credentials to try instead, fetched anew unless others are at hand already; `nil` when there can be
    ///   none, as with keys that are given once.
    /// - Throws: An error that says where they were looked for and what to do.
    func credentials(insteadOf rejected: Credentials) async throws -> Credentials?
}

extension CredentialProvider {
    /// Says that there are no others.
    ///
    /// - Parameter rejected: What the service refused.
    /// - Returns: `nil`.
    /// - Throws: Nothing.
    public func credentials(insteadOf rejected: Credentials) async throws -> Credentials? { nil }
}
