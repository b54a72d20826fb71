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
    /// Takes body bytes, or refuses them for now; they then come again after an unpause.
    func accept(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// Takes the end of the transfer.
    func end(_ error: TransportError?, _ trip: Trip)
}

/// Gathers the whole response in memory.
final class BufferedDelivery: TransferDelivery {
    private struct State {
        var continuation: UnsafeContinuation<Result<Response, TransportError>, Never>?
        var response = Response(status: 0)
    }

    // 16 MiB: what a header claims is reserved up to here; a larger body grows as it comes.
    private static let reservationLimit = 16 << 20

    private let state = Mutex(State())

    func arm(_ continuation: UnsafeContinuation<Result<Response, TransportError>, Never>) {
        state.withLock { $0.continuation = continuation }
    }

    func head(_ status: Int, _ headers: Headers, _ transfer: Transfer) {
        state.withLock { state in
            state.response.status = status
            state.response.headers = headers
            if let length = headers["Content-Length"].flatMap({ Int($0) }), length > 0 {
                state.response.body.reserveCapacity(min(length, Self.reservationLimit))
            }
        }
    }

    func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { $0.response.body.append(contentsOf: bytes) }
        return true
    }

    func end(_ error: TransportError?, _ trip: Trip) {
        let (continuation, response) = state.withLock { state in
            state.response.trip = trip
            defer { state = State() }
            return (state.continuation, state.response)
        }
        if let error {
            continuation?.resume(returning: .failure(error))
        } else {
            continuation?.resume(returning: .success(response))
        }
    }
}
