import Synchronization

/// Calls that no line has told yet.
final class LateCallCounter: Sendable {
    private let calls = Atomic(0)

    var count: Int { calls.load(ordering: .relaxed) }

    func add() {
        calls.add(1, ordering: .relaxed)
    }

    func drain() -> Int {
        calls.exchange(0, ordering: .relaxed)
    }
}
