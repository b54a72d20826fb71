import Synchronization
import TallyHTTP
import TallyMetrics

/// Hands an object's content on, checks it on the way, and records the call when the content ends or is dropped.
final class ObjectReader: Sendable {
    private struct State {
        /// `nil` once the call is recorded.
        var account: CallAccount?
        var checksum: ObjectChecksum?
        var received = 0
    }

    private let source: ByteStream
    private let call: ServiceCall
    private let length: Int?
    private let effects: CallEffects
    private let state: Mutex<State>

    init(
        _ source: ByteStream, of call: ServiceCall, _ account: CallAccount, length: Int?, checksum: ObjectChecksum?,
        effects: CallEffects
    ) {
        self.source = source
        self.call = call
        self.length = length
        self.effects = effects
        state = Mutex(State(account: account, checksum: checksum))
    }

    deinit {
        close()
    }

    func next() async throws -> [UInt8]? {
        guard state.withLock({ $0.account != nil }) else { return nil }
        let began = effects.now()
        let piece: [UInt8]?
        do {
            var pieces = source.makeAsyncIterator()
            piece = try await pieces.next()
        } catch {
            throw close(with: failure(of: error))
        }
        let waited = began.duration(to: effects.now())
        let problem = state.withLock { state in
            state.account?.record.duration += waited
            if let piece {
                state.received += piece.count
                state.checksum?.update(piece)
                state.account?.record.bytesDownloaded += piece.count
                return nil as String?
            }
            if let length, state.received != length { return "\(state.received) bytes arrived of \(length)" }
            return state.checksum?.mismatch
        }
        if let problem {
            throw close(with: call.failure(.checksumMismatch, problem, retry: .transient))
        }
        if piece == nil { close() }
        return piece
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

    private func close(with failure: ServiceError) -> ServiceError {
        state.withLock { $0.account?.fail(failure) }
        close()
        return failure
    }

    /// Records the call, the first time.
    private func close() {
        let account = state.withLock { state in
            defer { state.account = nil }
            return state.account
        }
        account?.close(at: effects.now())
    }
}
