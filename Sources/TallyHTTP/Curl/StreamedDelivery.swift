import Synchronization

/// Hands the body on piece by piece and holds the network back while nobody asks for the next.
final class StreamedDelivery: TransferDelivery {
    private struct State {
        var head: UnsafeContinuation<Result<StreamedResponse, TransportError>, Never>?
        var buffer: [UInt8] = []
        var isPaused = false
        var ending: Result<Void, TransportError>?
        var reader: UnsafeContinuation<Result<[UInt8]?, TransportError>, Never>?

        mutating func takeBuffer() -> [UInt8] {
            defer { buffer = [] }
            return buffer
        }
    }

    // 512 KiB: enough to keep the connection busy between two pieces, and all the memory a stream takes.
    private static let bufferLimit = 512 << 10

    private let state = Mutex(State())

    func arm(_ continuation: UnsafeContinuation<Result<StreamedResponse, TransportError>, Never>) {
        state.withLock { $0.head = continuation }
    }

    func head(_ status: Int, _ headers: Headers, _ transfer: Transfer) {
        let waiter = state.withLock { state in
            defer { state.head = nil }
            return state.head
        }
        let reader = StreamReader(delivery: self, transfer: transfer)
        let body = ByteStream { try await reader.next() }
        waiter?.resume(
            returning: .success(StreamedResponse(status: status, headers: headers, body: body, trip: transfer.trip)))
    }

    func accept(_ bytes: UnsafeRawBufferPointer) -> Acceptance {
        let (acceptance, waiting) = state.withLock {
            state -> (Acceptance, (UnsafeContinuation<Result<[UInt8]?, TransportError>, Never>, [UInt8])?) in
            guard state.buffer.count < Self.bufferLimit else {
                state.isPaused = true
                return (.later, nil)
            }
            state.buffer.append(contentsOf: bytes)
            guard let reader = state.reader else { return (.taken, nil) }
            state.reader = nil
            return (.taken, (reader, state.takeBuffer()))
        }
        if let (reader, piece) = waiting { reader.resume(returning: .success(piece)) }
        return acceptance
    }

    func end(_ error: TransportError?, _ trip: Trip) {
        let ending: Result<Void, TransportError> = error.map { .failure($0) } ?? .success(())
        let (head, reader) = state.withLock { state in
            defer {
                state.ending = ending
                state.head = nil
                state.reader = nil
            }
            return (state.head, state.reader)
        }
        if let head, let error { head.resume(returning: .failure(error)) }
        // A reader waits only while the buffer is empty, so the end is all there is left to tell it.
        reader?.resume(returning: ending.map { nil })
    }

    /// Returns what has arrived, waiting when nothing has; `nil` after the end.
    fileprivate func next(unpause: () -> Void) async -> Result<[UInt8]?, TransportError> {
        await withUnsafeContinuation { continuation in
            let (answer, wasPaused) = state.withLock { state -> (Result<[UInt8]?, TransportError>?, Bool) in
                if !state.buffer.isEmpty {
                    defer { state.isPaused = false }
                    return (.success(state.takeBuffer()), state.isPaused)
                }
                if let ending = state.ending { return (ending.map { nil }, false) }
                precondition(state.reader == nil, "ByteStream: two tasks read one stream at once")
                state.reader = continuation
                return (nil, false)
            }
            if wasPaused { unpause() }
            if let answer { continuation.resume(returning: answer) }
        }
    }
}

/// The reading end of a streamed body; dropping it ends the transfer.
private final class StreamReader: Sendable {
    private let delivery: StreamedDelivery
    private let transfer: Transfer

    init(delivery: StreamedDelivery, transfer: Transfer) {
        self.delivery = delivery
        self.transfer = transfer
    }

    deinit {
        transfer.cancel()
    }

    func next() async throws(TransportError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await delivery.next { transfer.unpause() }
        } onCancel: {
            transfer.cancel()
        }
        return try result.get()
    }
}
