import Synchronization

/// The tuples of dimensions that the process has told so far, each of which CloudWatch charges for.
final class DetailRegistry: Sendable {
    /// Tuples of one invocation.
    static let invocationLimit = 20
    /// Tuples of one process.
    static let processLimit = 200

    private let tuples = Mutex<Set<DetailTuple>>([])
    private let hasWarned = Atomic(false)

    /// Whether a tuple may be told: it was before, or there is room for it.
    func admits(_ tuple: DetailTuple) -> Bool {
        tuples.withLock { tuples in
            if tuples.contains(tuple) { return true }
            guard tuples.count < Self.processLimit else { return false }
            tuples.insert(tuple)
            return true
        }
    }

    /// `true` for the first that asks.
    func claimWarning() -> Bool {
        hasWarned.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
    }
}
