import Synchronization

/// What an invocation has to do when its caller has the answer.
final class Afterwork: Sendable {
    typealias Work = @Sendable () async throws -> Void

    private let work = Mutex<[Work]>([])

    func add(_ work: @escaping Work) {
        self.work.withLock { $0.append(work) }
    }

    /// Whether there is anything to do.
    var isEmpty: Bool { work.withLock { $0.isEmpty } }

    /// Does all of it in order, what is added meanwhile included; one that fails keeps no other from being done.
    ///
    /// - Returns: The first failure.
    nonisolated(nonsending) func run() async -> (any Error)? {
        var failure: (any Error)?
        while let next = work.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            do {
                try await next()
            } catch {
                failure = failure ?? error
            }
        }
        return failure
    }
}
