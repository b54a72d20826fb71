import Dispatch
import Synchronization

/// Holds back who comes to it until a test opens it.
package final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let state = Atomic(false)

    /// Creates a gate that is shut.
    package init() {}

    /// Lets everybody through, now and later.
    package func open() {
        state.store(true, ordering: .releasing)
        semaphore.signal()
    }

    /// Whether it is open.
    package var isOpen: Bool { state.load(ordering: .acquiring) }

    /// Blocks the thread until the gate is open.
    func pass() {
        semaphore.wait()
        semaphore.signal()
    }
}
