import Synchronization
public import TallyHTTP
public import TallyMetrics
import TallyWire

/// Makes calls to AWS services: signs, sends, retries, verifies, and records each call once.
///
/// One client serves every service of a region and may be used from any thread:
///
///     let transport = CurlTransport()
///     let client = ServiceClient(
///         transport: transport, region: try Region(environment: ProcessEnvironment.value),
///         credentials: EnvironmentCredentials(), endpoints: try Endpoints(environment: ProcessEnvironment.value),
///         sleep: transport.sleep(for:)
///     )
///     let item = try await DynamoDB(client).getItem(.init(table: "documents", key: key)).item
public final class ServiceClient: Sendable {
    /// The region whose services are called.
    public let region: Region
    /// Where the services are reached.
    public let endpoints: Endpoints
    /// When a call that went wrong is made again.
    public let retryPolicy: RetryPolicy
    /// Whether the content of S3 uploads is signed.
    public let payloadSigning: PayloadSigning

    let transport: any Transport
    let effects: CallEffects
    let middleware: [any CallMiddleware]
    let logger: Logger
    let provider: any CredentialProvider
    let skew = ClockSkew()
    let quotas: Mutex<[Service: RetryQuota]> = Mutex([:])
    private let signers: Mutex<[Service: Signer]> = Mutex([:])

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - transport: What carries the requests.
    ///   - region: The region whose services are called.
    ///   - credentials: Where the keys to sign with come from.
    ///   - endpoints: Where the services are reached.
    ///   - retry: When a call that went wrong is made again.
    ///   - payloadSigning: Whether the content of S3 uploads is signed.
    ///   - middleware: What stands before and after each attempt.
    ///   - logger: Takes a line at `debug` for each retry.
    ///   - sleep: Waits between attempts; throws when the task is cancelled.
    public convenience init(
        transport: any Transport, region: Region, credentials: any CredentialProvider,
        endpoints: Endpoints = Endpoints(), retry: RetryPolicy = .standard,
        payloadSigning: PayloadSigning = .whenInsecure, middleware: [any CallMiddleware] = [],
        logger: Logger = Logger(),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.init(
            transport: transport, region: region, credentials: credentials, endpoints: endpoints, retry: retry,
            payloadSigning: payloadSigning, middleware: middleware, logger: logger, effects: CallEffects(sleep: sleep)
        )
    }

    package init(
        transport: any Transport, region: Region, credentials: any CredentialProvider, endpoints: Endpoints,
        retry: RetryPolicy, payloadSigning: PayloadSigning = .whenInsecure, middleware: [any CallMiddleware] = [],
        logger: Logger = Logger(), effects: CallEffects
    ) {
        self.transport = transport
        self.region = region
        self.endpoints = endpoints
        self.payloadSigning = payloadSigning
        self.middleware = middleware
        self.logger = logger
        self.effects = effects
        provider = credentials
        retryPolicy = retry
    }

    // MARK: - Calls

    /// Makes a call whose response is held in memory.
    ///
    /// - Parameters:
    ///   - call: What to send.
    ///   - read: Reads a response that has a status of success, and may enter figures into the record. What it throws
    ///     is treated as an answer of the service: retried when it has a reason for that.
    /// - Returns: What `read` returns.
    /// - Throws: The last attempt's error.
    package func send<Output>(
        _ call: ServiceCall, read: (inout Response, inout CallRecord) throws(ServiceError) -> Output
    ) async throws(ServiceError) -> Output {
        var account = CallAccount(call, in: region, at: effects.now())
        defer { account.close(at: effects.now()) }
        return try await attempt(call, &account) { (request) async throws(TransportError) in
            try await transport.send(request)
        } read: { (response: inout Response, record: inout CallRecord) async throws(ServiceError) in
            if let mismatch = Self.crc32Mismatch(response) {
                throw call.failure(.checksumMismatch, mismatch, retry: .transient)
            }
            guard (200..<300).contains(response.status) else { throw ServiceError(response, to: call) }
            return try read(&response, &record)
        }
    }

    /// Makes a call whose response is read as it arrives; the caller closes the account.
    func stream(_ call: ServiceCall, _ account: inout CallAccount) async throws(ServiceError) -> StreamedResponse {
        try await attempt(call, &account) { (request) async throws(TransportError) in
            try await transport.stream(request)
        } read: { (reply: inout StreamedResponse, _: inout CallRecord) async throws(ServiceError) in
            if (200..<300).contains(reply.status) { return reply }
            let body = await Self.errorBody(of: reply)
            throw ServiceError(Response(status: reply.status, headers: reply.headers, body: body), to: call)
        }
    }

    // MARK: - Signing

    /// Signs a request for use by somebody else; makes no call.
    func presign(_ call: ServiceCall, lifetime: Duration) async throws(ServiceError) -> String {
        let credentials = try await credentials(for: call)
        return signer(for: call.service).presign(
            call.request, with: credentials, at: skew.corrected(effects.wallTime()), lifetime: lifetime
        )
    }

    func credentials(for call: ServiceCall) async throws(ServiceError) -> Credentials {
        do {
            return try await provider.credentials()
        } catch {
            throw Self.missingCredentials(for: call, error)
        }
    }

    static func missingCredentials(for call: ServiceCall, _ error: any Error) -> ServiceError {
        var failure = call.failure(.noCredentials, "\(error)")
        failure.underlying = error
        return failure
    }

    func signer(for service: Service) -> Signer {
        signers.withLock { signers in
            if let signer = signers[service] { return signer }
            let signer = Signer(
                service: service.signingName, region: region, paths: service == .s3 ? .verbatim : .normalized
            )
            signers[service] = signer
            return signer
        }
    }

    // MARK: - Answers

    // DynamoDB sends the checksum with every response; a mismatch is a broken body, so the call is made again.
    private static func crc32Mismatch(_ response: Response) -> String? {
        guard let header = response.headers["x-amz-crc32"], let expected = UInt32(header) else { return nil }
        var checksum = CRC32()
        checksum.update(response.body)
        guard checksum.value != expected else { return nil }
        return "the body's CRC32 is \(checksum.value), x-amz-crc32 says \(expected)"
    }

    // An error is told in a few hundred bytes; what is longer is cut, and a connection that breaks off keeps what
    // arrived: the status alone says that the call went wrong.
    private static func errorBody(of reply: StreamedResponse) async -> [UInt8] {
        var body: [UInt8] = []
        var pieces = reply.body.makeAsyncIterator()
        while body.count < 65_536, let piece = try? await pieces.next() { body.append(contentsOf: piece) }
        return body
    }
}
