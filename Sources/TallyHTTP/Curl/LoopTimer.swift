import Synchronization
import TallyWire

/// A wait that the loop ends, at its deadline or when it is cancelled.
final class LoopTimer: Sendable {
    private struct State {
        var waiter: UnsafeContinuation<Void, Never>?
        var isOver = false
    }

    let deadline: Moment
    private let state = Mutex(State())

    init(deadline: Moment) {
        self.deadline = deadline
    }

    /// Takes the continuation to resume; at once when the wait is over already, as after an early cancellation.
    func arm(_ waiter: UnsafeContinuation<Void, Never>) {
        let isOver = state.withLock { state in
            if !state.isOver { state.waiter = waiter }
            return state.isOver
        }
        if isOver { waiter.resume() }
    }

    func end() {
        let waiter = state.withLock { state in
            defer { state = State(waiter: nil, isOver: true) }
            return state.waiter
        }
        waiter?.resume()
    }
}

extension CurlLoop {
    /// Waits on the loop's own timers, or until the calling task is cancelled.
    ///
    /// - Parameter duration: How long to wait; nothing when not positive.
    /// - Throws: `CancellationError` when the task is cancelled first.
    package func sleep(for duration: Duration) async throws(CancellationError) {
        if Task.isCancelled { throw CancellationError() }
        let timer = LoopTimer(deadline: .now + duration)
        await withTaskCancellationHandler {
            await withUnsafeContinuation { (waiter: UnsafeContinuation<Void, Never>) in
                timer.arm(waiter)
                submit(.addTimer(timer))
            }
        } onCancel: {
            submit(.cancelTimer(timer))
        }
        if Task.isCancelled { throw CancellationError() }
    }
}
