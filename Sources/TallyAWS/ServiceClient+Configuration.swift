public import TallyHTTP

extension ServiceClient {
    /// Creates a client as the environment and AWS's shared files configure it: for scripts, tests and servers.
    ///
    /// Region, endpoints and retries are those of the variables that the AWS SDKs read, then of the profile;
    /// credentials are those that a ``CredentialChain`` finds.
    ///
    ///     let s3 = S3(try ServiceClient(configuring: CurlTransport()))
    ///
    /// - Parameters:
    ///   - transport: What carries the requests.
    ///   - profile: A profile to use whatever the environment says; `nil` for the usual order.
    /// - Throws: ``ConfigurationError`` naming what is missing or cannot be used.
    public convenience init(configuring transport: CurlTransport, profile: String? = nil) throws(ConfigurationError) {
        let configuration = try SharedConfiguration(profile: profile)
        let region = try Region(environment: ProcessEnvironment.value, configuration: configuration)
        self.init(
            transport: transport, region: region,
            credentials: try CredentialChain(
                isProfileGiven: profile != nil, transport: transport, region: region,
                environment: ProcessEnvironment.value, effects: CallEffects(sleep: transport.sleep(for:)),
                configuration: { configuration }),
            endpoints: try Endpoints(environment: ProcessEnvironment.value, configuration: configuration),
            retry: try RetryPolicy(environment: ProcessEnvironment.value), sleep: transport.sleep(for:))
    }
}
