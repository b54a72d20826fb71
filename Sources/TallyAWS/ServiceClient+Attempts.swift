import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire

extension ServiceClient {
    /// Makes the attempts of one call until one succeeds or none may follow.
    func attempt<Reply: HTTPReply, Output>(
        _ call: ServiceCall, _ account: inout CallAccount,
        exchange: (Request) async throws(TransportError) -> Reply,
        read: (inout Reply, inout CallRecord) async throws(ServiceError) -> Output
    ) async throws(ServiceError) -> Output {
        let deadline = MetricsScope.current?.invocation.lastEndOfCalls
        var progress = CallProgress(
            limit: retryPolicy.attempts(for: call.service), account, isTimed: !middleware.isEmpty)
        while true {
            var failure: ServiceError
            do throws(ServiceError) {
                let request = try await prepare(call, &progress, until: deadline)
                let output = try await once(request, call, &progress, &account.record, exchange: exchange, read: read)
                quotas.withLock { $0[call.service, default: RetryQuota()].succeed(lastTaken: progress.lastTaken) }
                account.record.bytesUploaded = call.contentLength
                return output
            } catch {
                failure = error
            }
            failure.attempts = progress.attempt
            failure.elapsed = account.record.beginning.duration(to: effects.now())
            failure.advise(region: region, url: call.request.url)
            if failure.isThrottling { account.throttle(failure, call) }

            guard let pause = await pause(after: failure, of: call, &progress, until: deadline) else {
                account.fail(failure)
                throw failure
            }
            if pause.endsInAttempt { log(failure, pause.duration) }
            let began = effects.now()
            let slept: Void? = pause.duration == .zero ? () : try? await effects.sleep(pause.duration)
            account.record.retryDelay += began.duration(to: effects.now())
            guard slept != nil else {
                if pause.endsInAttempt {
                    // The retry that they were taken for never went out.
                    quotas.withLock { $0[call.service]?.giveBack(progress.lastTaken ?? 0) }
                }
                failure = call.failure(.cancelled, "cancelled while waiting to retry after \(failure.code)")
                failure.attempts = progress.attempt
                account.fail(failure)
                throw failure
            }
            guard pause.endsInAttempt else {
                account.fail(failure)
                throw failure
            }
        }
    }

    // MARK: - One attempt

    /// Bounds one attempt by the deadline, hands it to the middleware and signs it.
    func prepare(
        _ call: ServiceCall, _ progress: inout CallProgress, until deadline: Moment?
    ) async throws(ServiceError) -> Request {
        if Task.isCancelled { throw call.failure(.cancelled, "cancelled before it was sent") }
        let credentials = try await credentials(for: call)
        progress.credentials = credentials
        var request = call.request
        request.headers.add("User-Agent", UserAgent.value)
        request.headers.add("amz-sdk-invocation-id", progress.id)
        request.headers.add("amz-sdk-request", "attempt=\(progress.attempt + 1); max=\(progress.limit)")
        if let trace = progress.traceHeader { request.headers.add("X-Amzn-Trace-Id", trace) }
        for middleware in middleware {
            do {
                try await middleware.willSend(&request, for: CallAttempt(call, progress))
            } catch {
                var failure = call.failure(.refused, "refused before it was sent: \(error)")
                failure.underlying = error
                throw failure
            }
        }
        if let deadline {
            let left = effects.now().duration(to: deadline)
            guard left > .zero else {
                throw call.failure(.deadlineExceeded, "the invocation's deadline leaves no time for an attempt")
            }
            request.timeouts.total = min(left, request.timeouts.total ?? left)
        }
        let time = skew.corrected(effects.wallTime())
        signer(for: call.service).sign(&request, with: credentials, at: time, payload: call.payload)
        return request
    }

    /// Sends one attempt, and accounts for what it cost whether or not it succeeds.
    func once<Reply: HTTPReply, Output>(
        _ request: Request, _ call: ServiceCall, _ progress: inout CallProgress, _ record: inout CallRecord,
        exchange: (Request) async throws(TransportError) -> Reply,
        read: (inout Reply, inout CallRecord) async throws(ServiceError) -> Output
    ) async throws(ServiceError) -> Output {
        let attempt = middleware.isEmpty ? nil : CallAttempt(call, progress)
        progress.attempt += 1
        let (attemptsBefore, durationBefore) = (record.attempts, record.duration)
        (record.status, record.requestID) = (nil, nil)
        var failure: ServiceError?
        var output: Output?
        do throws(ServiceError) {
            let began = progress.isTimed ? effects.now() : nil
            var reply: Reply
            do throws(TransportError) {
                reply = try await exchange(request)
                record.duration += effects.elapsed(since: began)
                record.attempts += reply.trip.attempts
            } catch {
                record.duration += effects.elapsed(since: began)
                record.attempts += error.attempts
                if call.receivesContent { record.bytesDownloaded += error.contentBytes }
                throw Self.failure(of: call, error)
            }
            record.status = reply.status
            record.requestID = reply.requestID
            record.reusedConnection = reply.trip.reusedConnection
            record.connectionAge = reply.trip.connectionAge
            output = try await read(&reply, &record)
        } catch {
            if record.attempts > attemptsBefore { record.bytesResent += call.contentLength }
            failure = error
        }
        if let attempt {
            let outcome = CallAttempt.Outcome(
                status: record.status, requestID: record.requestID, error: failure,
                duration: record.duration - durationBefore)
            for middleware in middleware.reversed() { await middleware.didEnd(attempt, outcome) }
        }
        if let output { return output }
        throw failure ?? call.failure(.invalidResponse, "the attempt ended without an answer")
    }

    private static func failure(of call: ServiceCall, _ error: TransportError) -> ServiceError {
        if error.code == .cancelled { return call.failure(.cancelled, "cancelled while it was under way") }
        var failure = call.failure(.noResponse, "\(error)", retry: error.isRetryable ? .transient : nil)
        failure.transportError = error
        return failure
    }

    // MARK: - Between attempts

    private struct Pause {
        let duration: Duration
        var endsInAttempt = true
    }

    /// The pause before the next attempt or before the call fails; `nil` when it fails at once.
    private func pause(
        after failure: ServiceError, of call: ServiceCall, _ progress: inout CallProgress,
        until deadline: Moment?
    ) async -> Pause? {
        let isRepairable = await repair(failure, &progress)
        guard progress.attempt > 0, progress.attempt < progress.limit else { return nil }
        if isRepairable { return Pause(duration: .zero) }
        guard let reason = failure.retryReason else { return nil }
        let wait = retryPolicy.delay(
            after: progress.attempt, reason, service: failure.service, random: effects.random(),
            retryAfter: failure.retryAfter
        )
        if let deadline, effects.now() + wait >= deadline { return nil }
        guard quotas.withLock({ $0[failure.service, default: RetryQuota()].take(reason.cost) }) else {
            // A poll that fails is made anew by whoever made it; at once, that would be the storm.
            return call.isLongPoll ? Pause(duration: wait, endsInAttempt: false) : nil
        }
        progress.lastTaken = reason.cost
        return Pause(duration: wait)
    }

    /// Puts right what made the service refuse the request's time or credentials, once in a call; `true` when the next
    /// attempt is not like the last.
    private func repair(_ failure: ServiceError, _ progress: inout CallProgress) async -> Bool {
        if !progress.hasCorrectedClock, skew.learn(from: failure, at: effects.wallTime()) {
            progress.hasCorrectedClock = true
            return true
        }
        guard !progress.hasRenewedCredentials, Self.expiryCodes.contains(failure.code.rawValue),
            let rejected = progress.credentials
        else { return false }
        progress.hasRenewedCredentials = true
        let renewed = try? await provider.credentials(insteadOf: rejected)
        return renewed.map { $0 != rejected } ?? false
    }

    private static let expiryCodes: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired",
    ]

    /// Whether the invocation has time for a wait and for something after it.
    func hasTime(for wait: Duration) -> Bool {
        guard let end = MetricsScope.current?.invocation.lastEndOfCalls else { return true }
        return effects.now() + wait < end
    }

    private func log(_ failure: ServiceError, _ wait: Duration) {
        guard logger.minimumLevel <= .debug else { return }
        let scoped = MetricsScope.current.map { logger.describing($0.invocation) }
        let resource = failure.resource ?? ""
        let requestID = failure.requestID ?? ""
        (scoped ?? logger).debug(
            "retrying a call",
            [
                "dependency": failure.service.rawValue, "operation": failure.operation, "resource": resource,
                "attempt": failure.attempts, "code": failure.code.rawValue, "awsRequestId": requestID,
                "waitMs": wait / .milliseconds(1),
            ])
    }
}

extension InvocationInfo {
    /// The last moment at which an attempt may end: 150 ms before the deadline, and no more than 5 % of the
    /// invocation's time.
    var lastEndOfCalls: Moment? {
        guard let end else { return nil }
        let margin = Duration.milliseconds(150)
        return end - (beginning.map { min(margin, $0.duration(to: end) / 20) } ?? margin)
    }
}
