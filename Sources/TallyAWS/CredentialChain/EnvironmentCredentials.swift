/// The credentials that Lambda, or a shell, puts into the environment.
///
/// Read once: Lambda never changes them while the process lives. An empty variable counts as absent.
public struct EnvironmentCredentials: CredentialProvider {
    private let result: Result<Credentials, ConfigurationError>

    /// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    ///
    /// - Parameter environment: Looks up a variable.
    public init(environment: (String) -> String? = ProcessEnvironment.value) {
        func value(_ name: String) -> String? { environment(name).nonEmpty }
        switch (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")) {
        case (let id?, let secret?):
            result = .success(
                Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: value("AWS_SESSION_TOKEN"))
            )
        case (nil, nil):
            result = .failure(Self.missing("AWS_ACCESS_KEY_ID"))
        case (nil, _):
            result = .failure(Self.missing("AWS_ACCESS_KEY_ID", while: "AWS_SECRET_ACCESS_KEY"))
        case (_, nil):
            result = .failure(Self.missing("AWS_SECRET_ACCESS_KEY", while: "AWS_ACCESS_KEY_ID"))
        }
    }

    /// Returns the credentials found.
    ///
    /// - Returns: Always the same value.
    /// - Throws: ``ConfigurationError`` naming the variable that is missing.
    public func credentials() async throws -> Credentials {
        try result.get()
    }

    private static func missing(_ name: String, while present: String? = nil) -> ConfigurationError {
        let seen = present.map { "not set, while \($0) is." } ?? "not set."
        return ConfigurationError(
            name,
            "\(seen) Lambda sets it for the function's role; elsewhere export AWS_ACCESS_KEY_ID and "
                + "AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary keys)."
        )
    }
}
