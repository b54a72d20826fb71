import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire

/// Hands an object's content on, goes on where it breaks off, checks it on the way, and records the call when the
/// content ends or is dropped.
final class ObjectReader: Sendable {
    private struct State {
        /// Takes a piece into the checksum, and the time for it, which is told once for all of them.
        mutating func updateChecksum(_ piece: [UInt8]) {
            guard checksum != nil else { return }
            guard account?.isMeasured == true else {
                checksum?.update(piece)
                return
            }
            let began = Moment.now
            checksum?.update(piece)
            checksumTime += began.duration(to: .now)
        }

        var source: ByteStream
        /// `nil` once the call is recorded.
        var account: CallAccount?
        var checksum: ObjectChecksum?
        var checksumTime = Duration.zero
        var received = 0
        /// Times that the content broke off since the last new byte.
        var fruitless = 0
    }

    private let call: ServiceCall
    private let info: S3.ObjectInfo
    private let range: ClosedRange<Int>?
    private let client: ServiceClient
    private let isTimed: Bool
    private let state: Mutex<State>

    init(
        _ source: ByteStream, of call: ServiceCall, _ account: CallAccount, info: S3.ObjectInfo,
        range: ClosedRange<Int>?, checksum: ObjectChecksum?, client: ServiceClient
    ) {
        self.call = call
        self.info = info
        self.range = range
        self.client = client
        isTimed = account.isMeasured
        state = Mutex(State(source: source, account: account, checksum: checksum))
    }

    deinit {
        close()
    }

    func next() async throws -> [UInt8]? {
        while true {
            guard let source = state.withLock({ $0.account == nil ? nil : $0.source }) else { return nil }
            let began = isTimed ? client.effects.now() : nil
            do {
                var pieces = source.makeAsyncIterator()
                let piece = try await pieces.next()
                return try take(piece, waited: client.effects.elapsed(since: began))
            } catch let failure as ServiceError {
                throw failure
            } catch {
                state.withLock { $0.account?.record.duration += client.effects.elapsed(since: began) }
                try await resume(after: failure(of: error))
            }
        }
    }

    /// Enters a piece, or the end, and returns it.
    private func take(_ piece: [UInt8]?, waited: Duration) throws -> [UInt8]? {
        let problem = state.withLock { state -> String? in
            state.account?.record.duration += waited
            if let piece {
                state.received += piece.count
                state.fruitless = 0
                state.updateChecksum(piece)
                state.account?.record.bytesDownloaded += piece.count
                return nil
            }
            if let length = info.contentLength, state.received != length {
                return "\(state.received) bytes arrived of \(length)"
            }
            return state.checksum?.mismatch
        }
        if let problem { throw close(with: call.failure(.checksumMismatch, problem, retry: .transient)) }
        if piece == nil { close() }
        return piece
    }

    // MARK: - Going on

    /// Asks for the rest of the content, after a wait; throws `failure` when that is not to be tried.
    private func resume(after failure: ServiceError) async throws {
        let (received, fruitless, account) = state.withLock { state in
            state.fruitless += 1
            return (state.received, state.fruitless, state.account)
        }
        // Without a tag the rest might be of another object.
        guard failure.isRetryable, fruitless < client.retryPolicy.attempts(for: .s3), let eTag = info.eTag,
            let length = info.contentLength, received < length, var account
        else { throw close(with: failure) }

        let wait = client.retryPolicy.delay(
            after: fruitless, .transient, service: .s3, random: client.effects.random())
        guard client.hasTime(for: wait) else { throw close(with: failure) }
        do {
            try await client.effects.sleep(wait)
        } catch {
            throw close(with: call.failure(.cancelled, "cancelled while waiting to go on after \(received) bytes"))
        }
        account.record.retryDelay += wait

        var rest = call
        let start = (range?.lowerBound ?? 0) + received
        rest.request.headers["Range"] = "bytes=\(start)-\(range.map { "\($0.upperBound)" } ?? "")"
        rest.request.headers["If-Match"] = eTag
        do throws(ServiceError) {
            let response = try await client.stream(rest, &account)
            guard response.status == 206 else {
                throw call.failure(.invalidResponse, "the rest was asked for and the whole was answered")
            }
            state.withLock { [account] state in
                state.source = response.body
                state.account = account
            }
        } catch {
            state.withLock { [account] state in state.account = account }
            guard error.code == .preconditionFailed else { throw close(with: error) }
            throw close(
                with: call.failure(.preconditionFailed, "the object was replaced after \(received) bytes were read"))
        }
    }

    private func failure(of error: any Error) -> ServiceError {
        guard let error = error as? TransportError else {
            var failure = call.failure(.noResponse, "\(error)")
            failure.underlying = error
            return failure
        }
        let received = state.withLock { $0.received }
        var failure = call.failure(
            error.code == .cancelled ? .cancelled : .noResponse,
            "the content broke off after \(received) bytes: \(error)", retry: error.isRetryable ? .transient : nil
        )
        failure.transportError = error
        return failure
    }

    // MARK: - The record

    private func close(with failure: ServiceError) -> ServiceError {
        state.withLock { $0.account?.fail(failure) }
        close()
        return failure
    }

    /// Records the call, the first time.
    private func close() {
        let (account, checksumTime) = state.withLock { state in
            defer { state.account = nil }
            return (state.account, state.checksumTime)
        }
        guard var account else { return }
        if checksumTime > .zero { account.addTime(checksumTime, to: .checksum) }
        account.close(at: client.effects.now())
    }
}
