import Synchronization
import TallyAWS

/// How the calls of a run ended.
final class CallOutcomes: Sendable {
    /// The counts.
    struct Counts {
        var succeeded = 0
        /// Calls that ended with an error, by its code.
        var failed: [String: Int] = [:]
        /// Attempts recorded by call; -1 for a call that has not ended.
        var attempts: [Int]
        /// What each invocation's scope has recorded, where there are invocations.
        var invocations: [InvocationFigures] = []
        /// What must never happen; the first few.
        var mishaps: [String] = []

        /// Calls that have ended.
        var ended: Int { attempts.count { $0 >= 0 } }
    }

    private let state: Mutex<Counts>

    // All room at once: what the fixture keeps must not look like what the client keeps.
    init(of count: Int) {
        state = Mutex(Counts(attempts: [Int](repeating: -1, count: count)))
    }

    var counts: Counts { state.withLock { $0 } }

    /// Enters how long a call went on after it was cancelled.
    func enter(_ call: Int, waitAfterCancellation wait: Duration) {
        // Half of the silence after which the transport gives up by itself.
        guard wait > .seconds(5) else { return }
        state.withLock { $0.mishaps.append("call \(call) went on for \(wait) after it was cancelled") }
    }

    /// Enters what an invocation's scope has recorded.
    func enter(invocation number: Int, _ figures: InvocationFigures) {
        state.withLock { counts in
            while counts.invocations.count <= number { counts.invocations.append(InvocationFigures()) }
            counts.invocations[number] = figures
        }
    }

    /// Enters a call that has ended.
    ///
    /// - Parameters:
    ///   - call: Its number.
    ///   - result: How it ended.
    ///   - attempts: The attempts that were recorded.
    ///   - hasToSucceed: Whether nothing has happened to it that it may fail of.
    func enter(_ call: Int, _ result: Result<Void, any Error>, attempts: Int, hasToSucceed: Bool) {
        state.withLock { counts in
            counts.attempts[call] = attempts
            switch result {
            case .success: counts.succeeded += 1
            case .failure(let error):
                let code = (error as? ServiceError)?.code.rawValue
                counts.failed[code ?? "other", default: 0] += 1
                // Only a call's own error is an error, and only of a call that something has happened to.
                if code == nil || hasToSucceed, counts.mishaps.count < 10 {
                    counts.mishaps.append("call \(call) failed: \(error)")
                }
            }
        }
    }
}
