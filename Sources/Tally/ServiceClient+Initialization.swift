extension ServiceClient {
    /// Creates the client of a function, in its init phase: for services that no store covers.
    ///
    /// Region, credentials and endpoints come from the environment that Lambda gives. Calls travel on the runtime's
    /// own loop and are accounted for like those of a ``Store``, whose own client is ``Store/client``.
    ///
    ///     init(_ start: Initialization) async throws {
    ///         client = try await ServiceClient(start)
    ///     }
    ///
    /// - Parameters:
    ///   - start: What the runtime hands to the function.
    ///   - payloadSigning: Whether the content of S3 uploads is signed.
    ///   - middleware: What stands before and after each attempt.
    /// - Throws: ``ConfigurationError`` that names the variable that is missing or wrong.
    public convenience init(
        _ start: Initialization, payloadSigning: PayloadSigning = .whenInsecure,
        middleware: [any CallMiddleware] = []
    ) async throws {
        let region = try Region(environment: ProcessEnvironment.value)
        // Lambda gives keys in the environment; with SnapStart, from the container's endpoint.
        let credentials = try CredentialChain(transport: start.transport, region: region, sleep: start.sleep)
        // Asked for once, so that missing keys are an error of init and not of the first event.
        _ = try await credentials.credentials()
        self.init(
            transport: start.transport, region: region, credentials: credentials,
            endpoints: try Endpoints(environment: ProcessEnvironment.value),
            retry: try RetryPolicy(environment: ProcessEnvironment.value), payloadSigning: payloadSigning,
            middleware: middleware, logger: start.logger, sleep: start.sleep)
    }
}
