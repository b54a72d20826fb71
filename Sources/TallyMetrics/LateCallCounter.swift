import Synchronization

/// Counts what no line has told yet.
final class LateCallCounter: Sendable {
    private let calls = Atomic(0)

    var count: Int { calls.load(ordering: .relaxed) }

    func add() {
        calls.add(1, ordering: .relaxed)
    }

    func drain() -> Int {
        // A line is made often, and something is late seldom: reading costs less than exchanging.
        count == 0 ? 0 : calls.exchange(0, ordering: .relaxed)
    }
}
