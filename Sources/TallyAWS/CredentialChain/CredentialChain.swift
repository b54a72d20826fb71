public import TallyHTTP
import TallyMetrics

/// Finds credentials where the AWS SDKs find them, in their order.
///
/// 1. `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, unless a profile is asked for in code.
/// 2. The profile of the shared files (`AWS_PROFILE`, else `default`): keys, `role_arn` with `source_profile` or
///    `credential_source`, `credential_process`.
/// 3. The container's endpoint: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
///
/// The first that is configured counts: when it fails, that is the error, and none of the others is asked. Temporary
/// credentials are renewed before they end, once for all callers. Web identity, SSO, MFA and EC2's metadata service are
/// not supported, and refused by name.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
public struct CredentialChain: CredentialProvider {
    private let provider: any CredentialProvider

    /// Looks through the environment and the shared files of this machine.
    ///
    /// - Parameters:
    ///   - transport: What carries requests to STS and to the container's endpoint.
    ///   - region: The region of STS, for profiles with a role.
    ///   - profile: A profile to use whatever the environment says; `nil` for the usual order.
    ///   - sleep: Waits between attempts; throws when the task is cancelled.
    /// - Throws: ``ConfigurationError`` when nothing is configured, naming what was looked for and what was seen, or
    ///   when what is configured cannot be used.
    public init(
        transport: any Transport, region: Region, profile: String? = nil,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) throws(ConfigurationError) {
        try self.init(
            isProfileGiven: profile != nil, transport: transport, region: region,
            environment: ProcessEnvironment.value, effects: CallEffects(sleep: sleep)
        ) { () throws(ConfigurationError) in try SharedConfiguration(profile: profile) }
    }

    /// Finds the provider; the shared files are read only where the environment has no keys, as it has under Lambda.
    init(
        isProfileGiven: Bool, transport: any Transport, region: Region, environment: @escaping (String) -> String?,
        effects: CallEffects, configuration read: () throws(ConfigurationError) -> SharedConfiguration
    ) throws(ConfigurationError) {
        func value(_ name: String) -> String? { environment(name).nonEmpty }
        var seen: [String] = []

        if isProfileGiven {
            seen.append("environment: not asked, since a profile was")
        } else if value("AWS_ACCESS_KEY_ID") != nil || value("AWS_SECRET_ACCESS_KEY") != nil {
            provider = EnvironmentCredentials(environment: environment)
            return
        } else {
            seen.append("environment: AWS_ACCESS_KEY_ID is not set")
        }
        if value("AWS_WEB_IDENTITY_TOKEN_FILE") != nil, !isProfileGiven {
            throw ConfigurationError(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "web identity is not supported. Export keys, or name a profile with credential_process in AWS_PROFILE.")
        }

        let configuration = try read()
        let endpoints = try Endpoints(environment: environment, configuration: configuration)
        let profiles = ProfileCredentials(
            configuration: configuration, environment: environment,
            client: { source in
                ServiceClient(
                    transport: transport, region: region, credentials: source, endpoints: endpoints,
                    retry: .standard, effects: effects)
            }, transport: transport, effects: effects)
        if let found = try profiles.provider(of: configuration.profile) {
            provider = found
            return
        }
        seen.append(
            "profile \(configuration.profile): no credentials in \(configuration.paths.joined(separator: " or "))")

        if let container = try ContainerCredentials(transport: transport, effects: effects, environment: environment) {
            provider = RefreshingCredentials(now: effects.wallTime) { try await container.fetch() }
            return
        }
        seen.append(
            "container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set")
        throw ConfigurationError(
            "credentials",
            "none found (\(seen.joined(separator: "; "))). Export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a "
                + "profile in AWS_PROFILE. EC2's metadata service is not asked.")
    }

    /// Returns credentials of the provider that was found.
    ///
    /// - Returns: Credentials that are valid now.
    /// - Throws: What the provider throws.
    public func credentials() async throws -> Credentials {
        try await provider.credentials()
    }

    /// Returns other credentials than those that a service has called expired.
    ///
    /// - Parameter rejected: What the service refused.
    /// - Returns: Credentials to try instead; `nil` when there can be none.
    /// - Throws: What the provider throws.
    public func credentials(insteadOf rejected: Credentials) async throws -> Credentials? {
        try await provider.credentials(insteadOf: rejected)
    }
}
