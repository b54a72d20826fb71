import Synchronization

/// A request's body that is written while it is sent: what goes in at one end the loop takes out at the other.
///
///     let pipe = BodyPipe()
///     async let response = transport.send(Request(.post, url, body: .pipe(pipe)))
///     try await pipe.write(rows)
///     pipe.finish(trailers: ["Checksum": checksum])
///
/// Its length need not be known: it is sent in chunks (RFC 9112 section 7.1), with trailers behind the last.
package final class BodyPipe: Sendable {
    /// Why nothing can be written any more.
    package enum Closure: Error, Sendable {
        /// The request is over: answered before its end, broken off or given up.
        case requestEnded
        /// ``BodyPipe/finish(trailers:)`` was called before.
        case finished
        /// The writing task was cancelled while it waited for room.
        case cancelled
    }

    fileprivate struct State {
        var bytes: [UInt8] = []
        /// How many of them are gone.
        var taken = 0
        var trailers = Headers()
        var isFinished = false
        var isRequestOver = false
        var wasRead = false
        /// Whether the loop was told that there is nothing yet.
        var isWaitedFor = false
        var arrived: (@Sendable () -> Void)?
        var writers: [Int: UnsafeContinuation<Void, Never>] = [:]
        var lastWriter = 0
    }

    /// Bytes that wait, from which on a writer waits as well: 64 KiB.
    package static let capacity = 64 << 10

    private let state: Mutex<State>

    /// Creates a pipe.
    ///
    /// - Parameter first: What is sent before all that is written.
    package init(_ first: [UInt8] = []) {
        state = Mutex(State(bytes: first))
    }

    // MARK: - Writing

    /// Adds bytes; returns once fewer than ``capacity`` of all bytes wait to be sent.
    ///
    /// Nothing is sent while the loop's own thread is kept busy: what is written goes out when the writer waits next.
    ///
    /// - Parameter bytes: What is sent next.
    /// - Throws: ``Closure`` when they cannot be sent.
    package func write(_ bytes: some Collection<UInt8>) async throws(Closure) {
        let (isFull, arrived) = try add(bytes)
        arrived?()
        if isFull { try await drain() }
    }

    /// Waits until the loop has taken all that was written.
    ///
    /// - Throws: ``Closure`` when it never will.
    package func drain() async throws(Closure) {
        let number = state.withLock { state in
            state.lastWriter += 1
            return state.lastWriter
        }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { (writer: UnsafeContinuation<Void, Never>) in
                let mustWait = state.withLock { state in
                    guard !state.bytes.isEmpty, !state.isRequestOver, !Task.isCancelled else { return false }
                    state.writers[number] = writer
                    return true
                }
                if !mustWait { writer.resume() }
            }
        } onCancel: {
            state.withLock { $0.writers.removeValue(forKey: number) }?.resume()
        }
        let (isOver, isEmpty) = state.withLock { ($0.isRequestOver, $0.bytes.isEmpty) }
        if isOver { throw .requestEnded }
        // Not empty and not cancelled: another writer was quick.
        if !isEmpty, Task.isCancelled { throw .cancelled }
    }

    /// Ends the body; what was written is still sent.
    ///
    /// - Parameter trailers: Fields to send behind the body, together less than 64 KiB.
    package func finish(trailers: Headers = Headers()) {
        let arrived = state.withLock { state -> (@Sendable () -> Void)? in
            guard !state.isFinished else { return nil }
            state.isFinished = true
            state.trailers = trailers
            return state.claimWaiting()
        }
        arrived?()
    }

    private func add(_ bytes: some Collection<UInt8>) throws(Closure) -> (isFull: Bool, (@Sendable () -> Void)?) {
        let added = state.withLock { state -> Result<(Bool, (@Sendable () -> Void)?), Closure> in
            if state.isRequestOver { return .failure(.requestEnded) }
            if state.isFinished { return .failure(.finished) }
            state.bytes.append(contentsOf: bytes)
            let isFull = state.bytes.count - state.taken >= Self.capacity
            return .success((isFull, bytes.isEmpty ? nil : state.claimWaiting()))
        }
        return try added.get()
    }

    // MARK: - Sending

    /// Learns how to tell the loop that bytes have come for which it was told to wait.
    func attach(_ arrived: @escaping @Sendable () -> Void) {
        state.withLock { $0.arrived = arrived }
    }

    /// Whether nothing was taken yet, so that the request can be sent anew.
    package var isUntouched: Bool { state.withLock { !$0.wasRead } }

    /// The fields behind the body.
    var trailers: Headers { state.withLock { $0.trailers } }

    /// Moves bytes into `target`, as many as there are.
    func read(into target: UnsafeMutableRawBufferPointer) -> BodyReader.Supply {
        let (supply, writers) = state.withLock { state -> (BodyReader.Supply, [UnsafeContinuation<Void, Never>]) in
            if state.isRequestOver { return (.bytes(0), []) }
            let waiting = state.bytes[state.taken...].prefix(target.count)
            guard !waiting.isEmpty else {
                state.isWaitedFor = !state.isFinished
                return (state.isFinished ? .bytes(0) : .later, [])
            }
            waiting.withUnsafeBytes { target.copyMemory(from: $0) }
            state.wasRead = true
            state.taken += waiting.count
            guard state.taken == state.bytes.count else { return (.bytes(waiting.count), []) }
            state.bytes.removeAll(keepingCapacity: true)
            state.taken = 0
            return (.bytes(waiting.count), state.claimWriters())
        }
        for writer in writers { writer.resume() }
        return supply
    }

    /// Takes all of it, in place of a request; one pipe has one reader.
    ///
    /// - Returns: The bytes until its end, and the trailers.
    package func collect() async -> (bytes: [UInt8], trailers: Headers) {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        attach { arrival.yield() }
        var bytes: [UInt8] = []
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.capacity, alignment: 1)
        defer { piece.deallocate() }
        var iterator = arrivals.makeAsyncIterator()
        while true {
            switch read(into: piece) {
            case .bytes(0), .failed: return (bytes, trailers)
            case .bytes(let count): bytes += piece[..<count]
            case .later: _ = await iterator.next()
            }
        }
    }

    /// Tells writers that the request is over.
    func close() {
        let writers = state.withLock { state in
            state.isRequestOver = true
            state.arrived = nil
            return state.claimWriters()
        }
        for writer in writers { writer.resume() }
    }
}

extension BodyPipe.State {
    fileprivate mutating func claimWaiting() -> (@Sendable () -> Void)? {
        defer { isWaitedFor = false }
        return isWaitedFor ? arrived : nil
    }

    fileprivate mutating func claimWriters() -> [UnsafeContinuation<Void, Never>] {
        defer { writers.removeAll() }
        return Array(writers.values)
    }
}
