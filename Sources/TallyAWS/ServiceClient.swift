import Synchronization
public import TallyHTTP
package import TallyMetrics
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

    let transport: any Transport
    let effects: CallEffects
    private let provider: any CredentialProvider
    private let signers: Mutex<[Service: Signer]> = Mutex([:])
    private let quotas: Mutex<[Service: RetryQuota]> = Mutex([:])

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - transport: What carries the requests.
    ///   - region: The region whose services are called.
    ///   - credentials: Where the keys to sign with come from.
    ///   - endpoints: Where the services are reached.
    ///   - retry: When a call that went wrong is made again.
    ///   - sleep: Waits between attempts; throws when the task is cancelled.
    public convenience init(
        transport: any Transport, region: Region, credentials: any CredentialProvider,
        endpoints: Endpoints = Endpoints(), retry: RetryPolicy = .standard,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.init(
            transport: transport, region: region, credentials: credentials, endpoints: endpoints, retry: retry,
            effects: CallEffects(sleep: sleep)
        )
    }

    package init(
        transport: any Transport, region: Region, credentials: any CredentialProvider, endpoints: Endpoints,
        retry: RetryPolicy, effects: CallEffects
    ) {
        self.transport = transport
        self.region = region
        self.endpoints = endpoints
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
        var account = CallAccount(call, at: effects.now())
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

    /// Signs a request for use by somebody else; makes no call.
    func presign(_ call: ServiceCall, lifetime: Duration) async throws(ServiceError) -> String {
        let credentials = try await credentials(for: call)
        return signer(for: call.service).presign(
            call.request, with: credentials, at: effects.wallTime(), lifetime: lifetime
        )
    }

    // MARK: - Attempts

    private func attempt<Reply: HTTPReply, Output>(
        _ call: ServiceCall, _ account: inout CallAccount,
        exchange: (Request) async throws(TransportError) -> Reply,
        read: (inout Reply, inout CallRecord) async throws(ServiceError) -> Output
    ) async throws(ServiceError) -> Output {
        let deadline = MetricsScope.current?.invocation.deadline.map { $0 - Self.deadlineMargin }
        var progress = CallProgress(limit: retryPolicy.attempts(for: call.service))
        while true {
            var failure: ServiceError
            do throws(ServiceError) {
                let request = try await prepare(call, progress, until: deadline)
                progress.attempt += 1
                let output = try await once(request, call, &account.record, exchange: exchange, read: read)
                quotas.withLock { $0[call.service, default: RetryQuota()].succeed(lastTaken: progress.lastTaken) }
                account.record.bytesUploaded = call.contentLength
                return output
            } catch {
                failure = error
            }
            failure.attempts = progress.attempt
            failure.elapsed = account.record.start.duration(to: effects.now())
            failure.advise(region: region, url: call.request.url)
            if failure.isThrottling { account.record.throttles += 1 }

            guard let wait = wait(after: failure, &progress, until: deadline) else {
                account.fail(failure)
                throw failure
            }
            let began = effects.now()
            let slept: Void? = try? await effects.sleep(wait)
            account.record.retryDelay += began.duration(to: effects.now())
            guard slept != nil else {
                failure = call.failure(.cancelled, "cancelled while waiting to retry after \(failure.code)")
                failure.attempts = progress.attempt
                account.fail(failure)
                throw failure
            }
        }
    }

    /// Sends one attempt, and accounts for what it cost whether or not it succeeds.
    private func once<Reply: HTTPReply, Output>(
        _ request: Request, _ call: ServiceCall, _ record: inout CallRecord,
        exchange: (Request) async throws(TransportError) -> Reply,
        read: (inout Reply, inout CallRecord) async throws(ServiceError) -> Output
    ) async throws(ServiceError) -> Output {
        let attemptsBefore = record.attempts
        do throws(ServiceError) {
            let began = effects.now()
            var reply: Reply
            do throws(TransportError) {
                reply = try await exchange(request)
                record.duration += began.duration(to: effects.now())
                record.attempts += reply.trip.attempts
            } catch {
                record.duration += began.duration(to: effects.now())
                record.attempts += error.attempts
                throw Self.failure(of: call, error)
            }
            record.status = reply.status
            record.requestID = reply.requestID
            return try await read(&reply, &record)
        } catch {
            if record.attempts > attemptsBefore { record.bytesResent += call.contentLength }
            throw error
        }
    }

    /// Signs one attempt and bounds it by the deadline.
    private func prepare(
        _ call: ServiceCall, _ progress: CallProgress, until deadline: ContinuousClock.Instant?
    ) async throws(ServiceError) -> Request {
        if Task.isCancelled { throw call.failure(.cancelled, "cancelled before it was sent") }
        let credentials = try await credentials(for: call)
        var request = call.request
        if let deadline {
            let left = effects.now().duration(to: deadline)
            guard left > .zero else {
                throw call.failure(.deadlineExceeded, "the invocation's deadline leaves no time for an attempt")
            }
            request.timeouts.total = min(left, request.timeouts.total ?? left)
        }
        request.headers.add("User-Agent", UserAgent.value)
        request.headers.add("amz-sdk-invocation-id", progress.id)
        request.headers.add("amz-sdk-request", "attempt=\(progress.attempt + 1); max=\(progress.limit)")
        signer(for: call.service).sign(&request, with: credentials, at: effects.wallTime(), payload: call.payload)
        return request
    }

    /// The wait before the next attempt; `nil` when there is to be none.
    private func wait(
        after failure: ServiceError, _ progress: inout CallProgress, until deadline: ContinuousClock.Instant?
    ) -> Duration? {
        guard let reason = failure.retryReason, progress.attempt < progress.limit, progress.attempt > 0 else {
            return nil
        }
        let wait = retryPolicy.delay(
            after: progress.attempt, reason, service: failure.service, random: effects.random(),
            retryAfter: failure.retryAfter
        )
        if let deadline, effects.now() + wait >= deadline { return nil }
        guard quotas.withLock({ $0[failure.service, default: RetryQuota()].take(reason.cost) }) else { return nil }
        progress.lastTaken = reason.cost
        return wait
    }

    private func credentials(for call: ServiceCall) async throws(ServiceError) -> Credentials {
        do {
            return try await provider.credentials()
        } catch {
            var failure = call.failure(.noCredentials, "\(error)")
            failure.underlying = error
            throw failure
        }
    }

    private func signer(for service: Service) -> Signer {
        signers.withLock { signers in
            if let signer = signers[service] { return signer }
            let signer = Signer(
                service: service.signingName, region: region, paths: service == .s3 ? .verbatim : .normalized
            )
            signers[service] = signer
            return signer
        }
    }

    private static func failure(of call: ServiceCall, _ error: TransportError) -> ServiceError {
        if error.code == .cancelled { return call.failure(.cancelled, "cancelled while it was under way") }
        var failure = call.failure(.noResponse, "\(error)", retry: error.isRetryable ? .transient : nil)
        failure.transportError = error
        return failure
    }

    /// The last moment at which an attempt may end, before the invocation's own deadline.
    private static let deadlineMargin = Duration.milliseconds(150)

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
