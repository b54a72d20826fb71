import Synchronization

/// Work that nobody waits for longer than its time limit, even where it does not heed its cancellation.
enum TimedWork {
    enum Outcome: Sendable {
        case done
        case failed(any Error)
        /// Cancelled, and perhaps not ended yet.
        case stalled
    }

    private final class Race: Sendable {
        private struct State {
            var outcome: Outcome?
            var continuation: CheckedContinuation<Outcome, Never>?
        }

        private let state = Mutex(State())

        func end(_ outcome: Outcome) {
            let continuation = state.withLock { state in
                guard state.outcome == nil else { return nil as CheckedContinuation<Outcome, Never>? }
                state.outcome = outcome
                return state.continuation.take()
            }
            continuation?.resume(returning: outcome)
        }

        func wait() async -> Outcome {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state in
                    if state.outcome == nil { state.continuation = continuation }
                    return state.outcome
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        }
    }

    /// Runs `body` in a task of its own: a task group would wait for it however long it takes.
    ///
    /// - Parameters:
    ///   - limit: How long it is waited for.
    ///   - sleep: Waits.
    ///   - ended: Called when the work has ended, in time or not, before anybody learns of its outcome.
    ///   - body: The work.
    /// - Returns: What became of it.
    static func run(
        within limit: Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
        ended: @escaping @Sendable () -> Void = {}, _ body: @escaping @Sendable () async throws -> Void
    ) async -> Outcome {
        let race = Race()
        let work = Task {
            let outcome: Outcome
            do {
                try await body()
                outcome = .done
            } catch {
                outcome = .failed(error)
            }
            ended()
            race.end(outcome)
        }
        let timer = Task {
            guard (try? await sleep(limit)) != nil else { return }
            race.end(.stalled)
        }
        let outcome = await race.wait()
        timer.cancel()
        if case .stalled = outcome { work.cancel() }
        return outcome
    }
}
