import Dispatch
import Synchronization

/// What is done once, before the process ends.
package final class ShutdownHooks: Sendable {
    typealias Hook = @Sendable () async -> Void

    private let hooks = Mutex<[Hook]>([])

    /// Creates an empty list.
    package init() {}

    func add(_ hook: @escaping Hook) {
        hooks.withLock { $0.append(hook) }
    }

    var isEmpty: Bool { hooks.withLock { $0.isEmpty } }

    /// Runs all of them side by side, each once, and waits until they have ended.
    package func runAll() async {
        await withTaskGroup { group in
            for hook in take() { group.addTask { await hook() } }
        }
    }

    /// Runs all of them side by side, each once, on threads that are not the caller's.
    ///
    /// - Parameter limit: How long the caller waits for them.
    /// - Returns: Whether all have ended by then.
    func run(within limit: Duration) -> Bool {
        let ended = DispatchSemaphore(value: 0)
        Task.detached {
            await self.runAll()
            ended.signal()
        }
        return ended.wait(timeout: .now() + limit / .seconds(1)) == .success
    }

    private func take() -> [Hook] {
        hooks.withLock { hooks in
            defer { hooks.removeAll() }
            return hooks
        }
    }
}
