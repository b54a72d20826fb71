import Synchronization

/// Reads a request's stream ahead of the network by one piece.
///
/// libcurl asks for bytes on the loop's thread and cannot wait: while there are none it is told to pause, and the
/// arrival of the next piece ends the pause.
final class BodyReader: Sendable {
    /// What there is for libcurl.
    enum Supply {
        case bytes(Int)
        case later
        case failed
    }

    private struct State {
        var iterator: ByteStream.AsyncIterator
        var piece: ArraySlice<UInt8> = []
        /// The piece after that; empty means that the stream has ended.
        var next: [UInt8]?
        var sent = 0
        var isPulling = false
        var isWaitedFor = false
        var failure: TransportError?
        var pull: Task<Void, Never>?
    }

    private let count: Int
    private let location: String
    private let loop: CurlLoop
    private let arrived: @Sendable () -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - stream: What is sent.
    ///   - count: The length that was announced.
    ///   - location: Where the request goes, for errors.
    ///   - loop: What runs the reading.
    ///   - arrived: Called when bytes have come for which libcurl was told to wait.
    init(_ stream: ByteStream, count: Int, location: String, loop: CurlLoop, arrived: @escaping @Sendable () -> Void) {
        self.count = count
        self.location = location
        self.loop = loop
        self.arrived = arrived
        state = Mutex(State(iterator: stream.makeAsyncIterator()))
        pull()
    }

    /// Why the stream broke off.
    var failure: TransportError? { state.withLock { $0.failure } }

    /// Moves bytes into `target`, as many as there are.
    func read(into target: UnsafeMutableRawBufferPointer) -> Supply {
        let supply = state.withLock { state -> Supply in
            if state.failure != nil { return .failed }
            if state.sent == count { return .bytes(0) }
            if state.piece.isEmpty, let next = state.next, !next.isEmpty {
                state.piece = next[...]
                state.next = nil
            }
            // The last bytes wait until the stream is known to end behind them: a body that goes on is never
            // complete at the server.
            let holdsLast = state.sent + state.piece.count >= count && state.next == nil
            guard !state.piece.isEmpty, !holdsLast else {
                state.isWaitedFor = true
                return .later
            }
            let moved = state.piece.prefix(target.count)
            moved.withUnsafeBytes { target.copyMemory(from: $0) }
            state.piece = state.piece.dropFirst(moved.count)
            state.sent += moved.count
            return .bytes(moved.count)
        }
        pull()
        return supply
    }

    /// Stops reading.
    func cancel() {
        state.withLock { $0.pull }?.cancel()
    }

    private func pull() {
        let iterator = state.withLock { state -> ByteStream.AsyncIterator? in
            guard !state.isPulling, state.next == nil, state.failure == nil else { return nil }
            state.isPulling = true
            return state.iterator
        }
        guard let iterator else { return }
        let task = Task(executorPreference: loop) {
            var iterator = iterator
            do {
                self.take(try await iterator.next() ?? [])
            } catch {
                self.fail("\(self.location): the body could not be read: \(error)", .bodyFailed)
            }
        }
        state.withLock { $0.pull = task }
    }

    private func take(_ piece: [UInt8]) {
        let received = state.withLock { $0.sent + $0.piece.count }
        if piece.isEmpty, received < count {
            return fail("\(location): the body was announced as \(count) bytes and ended after \(received)")
        }
        if received + piece.count > count {
            return fail("\(location): the body was announced as \(count) bytes and goes on after that")
        }
        deliver { $0.next = piece }
    }

    private func fail(_ message: String, _ code: TransportError.Code = .invalidRequest) {
        deliver { $0.failure = TransportError(code, message) }
    }

    private func deliver(_ change: (inout State) -> Void) {
        let wasWaitedFor = state.withLock { state in
            change(&state)
            state.isPulling = false
            defer { state.isWaitedFor = false }
            return state.isWaitedFor
        }
        if wasWaitedFor { arrived() }
    }
}
