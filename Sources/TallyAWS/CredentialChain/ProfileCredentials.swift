import TallyHTTP
import TallyMetrics

/// Finds out how a profile gets its credentials: keys, a program, or a role that another profile's assume.
struct ProfileCredentials {
    let configuration: SharedConfiguration
    let environment: (String) -> String?
    /// Makes a client for STS with somebody's credentials.
    let client: (any CredentialProvider) throws(ConfigurationError) -> ServiceClient
    let transport: any Transport
    let effects: CallEffects

    // Named, so that nobody waits for credentials that never come.
    private static let unsupported = [
        ("web_identity_token_file", "web identity"), ("sso_session", "SSO"), ("sso_start_url", "SSO"),
        ("mfa_serial", "MFA"),
    ]

    /// The provider of a profile's credentials; `nil` when the profile has none.
    ///
    /// - Throws: ``ConfigurationError`` when what the profile asks for is incomplete or not supported.
    func provider(of profile: String, for others: [String] = []) throws(ConfigurationError) -> (any CredentialProvider)?
    {
        guard let values = configuration.values(of: profile) else {
            guard let user = others.last else { return nil }
            throw ConfigurationError(
                "profile \(user): source_profile", "there is no profile \"\(profile)\". Name one that is there.")
        }
        func value(_ name: String) -> String? { values[name].nonEmpty }
        func error(_ name: String, _ message: String) -> ConfigurationError {
            ConfigurationError("profile \(profile): \(name)", message)
        }
        let keys = try staticKeys(value, error)
        // A profile that is its own source assumes its role with its own keys.
        if others.last == profile { return keys }
        for (name, what) in Self.unsupported where value(name) != nil {
            throw error(
                name, "\(what) is not supported. Use credential_process with a program that prints the credentials.")
        }
        if let role = value("role_arn") {
            guard !others.contains(profile) else {
                throw error("source_profile", "\((others + [profile]).joined(separator: " → ")) goes in a circle.")
            }
            let source = try source(of: profile, others: others, value, error)
            let assumed = AssumedRole(
                arn: role, sessionName: value("role_session_name") ?? "tally", externalID: value("external_id"),
                duration: value("duration_seconds"), profile: profile, client: try client(source))
            return RefreshingCredentials(now: effects.wallTime) { try await assumed.fetch() }
        }
        if let keys { return keys }
        if let command = value("credential_process") {
            let process = ProcessCredentials(command: command, profile: profile)
            return RefreshingCredentials(now: effects.wallTime) { try await process.fetch() }
        }
        return nil
    }

    private func staticKeys(
        _ value: (String) -> String?, _ error: (String, String) -> ConfigurationError
    ) throws(ConfigurationError) -> StaticCredentials? {
        switch (value("aws_access_key_id"), value("aws_secret_access_key")) {
        case (nil, nil):
            return nil
        case (let id?, let secret?):
            return StaticCredentials(
                Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: value("aws_session_token")))
        case (nil, _):
            throw error("aws_access_key_id", "not set, while aws_secret_access_key is. Set both.")
        case (_, nil):
            throw error("aws_secret_access_key", "not set, while aws_access_key_id is. Set both.")
        }
    }

    /// Who assumes a profile's role.
    private func source(
        of profile: String, others: [String], _ value: (String) -> String?,
        _ error: (String, String) -> ConfigurationError
    ) throws(ConfigurationError) -> any CredentialProvider {
        switch (value("source_profile"), value("credential_source")) {
        case (let source?, nil):
            if let provider = try provider(of: source, for: others + [profile]) { return provider }
            throw error("source_profile", "the profile \"\(source)\" has no credentials. Name one that has.")
        case (nil, "Environment"):
            return EnvironmentCredentials(environment: environment)
        case (nil, "EcsContainer"):
            let container = try ContainerCredentials(transport: transport, effects: effects, environment: environment)
            guard let container else {
                throw error(
                    "credential_source", "EcsContainer needs AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI.")
            }
            return RefreshingCredentials(now: effects.wallTime) { try await container.fetch() }
        case (nil, "Ec2InstanceMetadata"):
            throw error(
                "credential_source",
                "Ec2InstanceMetadata is not supported. Use credential_process with a program that prints the credentials."
            )
        case (nil, let other?):
            throw error("credential_source", "\"\(other)\" is unknown. Use Environment or EcsContainer.")
        case (_?, _?):
            throw error("source_profile", "set beside credential_source. Remove one of them.")
        case (nil, nil):
            throw error("role_arn", "nobody to assume it. Set source_profile or credential_source.")
        }
    }
}
