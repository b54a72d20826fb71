import Synchronization

/// Where a transfer's response goes.
///
/// The loop calls it; only ``arm(_:)`` comes from the caller's thread.
protocol TransferDelivery: AnyObject, Sendable {
    associatedtype Value: Sendable

    /// Takes the continuation of the caller, before the transfer starts.
    func arm(_ continuation: UnsafeContinuation<Result<Value, TransportError>, Never>)
    /// Takes status and headers once they are complete.
    func head(_ status: Int, _ headers: Headers, _ transfer: Transfer)
    /// Takes body bytes.
    func accept(_ bytes: UnsafeRawBufferPointer) -> Acceptance
    /// Takes the end of the transfer.
    func end(_ error: TransportError?, _ trip: Trip)
}

/// What becomes of body bytes that have arrived.
enum Acceptance {
    /// They were taken.
    case taken
    /// There is no room now; they come again after an unpause.
    case later
    /// There are too many: the transfer ends.
    case refused
}

/// Gathers the whole response in memory.
final class BufferedDelivery: TransferDelivery {
    private struct State {
        var continuation: UnsafeContinuation<Result<Response, TransportError>, Never>?
        var response = Response(status: 0)
    }

    // 1 MiB: far more than any service needs to tell an error.
    private static let failureLimit = 1 << 20
    // 16 MiB: what a header claims is reserved up to here; a larger body grows as it comes.
    private static let reservationLimit = 16 << 20

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    func arm(_ continuation: UnsafeContinuation<Result<Response, TransportError>, Never>) {
        state.withLock { $0.continuation = continuation }
    }

    func head(_ status: Int, _ headers: Headers, _ transfer: Transfer) {
        state.withLock { state in
            state.response.status = status
            state.response.headers = headers
            if let length = headers["Content-Length"].flatMap({ Int($0) }), length > 0 {
                state.response.body.reserveCapacity(min(length, limit, Self.reservationLimit))
            }
        }
    }

    func accept(_ bytes: UnsafeRawBufferPointer) -> Acceptance {
        state.withLock { state in
            let room = limit - state.response.body.count
            if state.response.status >= 300 {
                let kept = min(room, Self.failureLimit - state.response.body.count)
                state.response.body.append(contentsOf: bytes.prefix(max(0, kept)))
                return .taken
            }
            guard bytes.count <= room else { return .refused }
            state.response.body.append(contentsOf: bytes)
            return .taken
        }
    }

    func end(_ error: TransportError?, _ trip: Trip) {
        let (continuation, response) = state.withLock { state in
            state.response.trip = trip
            defer { state = State() }
            return (state.continuation, state.response)
        }
        if var error {
            error.contentBytes = (200..<300).contains(response.status) ? response.body.count : 0
            continuation?.resume(returning: .failure(error))
        } else {
            continuation?.resume(returning: .success(response))
        }
    }
}
