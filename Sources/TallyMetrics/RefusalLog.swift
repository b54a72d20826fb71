import Synchronization

/// Remembers which names were warned of: a handler that is wrong is so in each invocation, and once is enough.
final class RefusalLog: Sendable {
    // Names may come from events: beyond this many, they say nothing new.
    private static let limit = 100

    private let names = Mutex<Set<String>>([])

    /// Whether nobody was warned of the name before.
    func isFirst(of name: String) -> Bool {
        names.withLock { names in
            guard names.count < Self.limit else { return false }
            return names.insert(name).inserted
        }
    }
}
