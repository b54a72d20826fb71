import Synchronization

extension MetricsScope {
    /// What was added to the metrics so far; `nil` when nothing was, and at level `none`.
    ///
    /// - Returns: A value of its own.
    public func userMetrics() -> UserMetrics? {
        additions.withLock { $0 }
    }

    /// Whether anything that is added is stored.
    package var isRecording: Bool { level != .none || parent?.isRecording == true }

    /// Makes an addition in the scope and those around it.
    ///
    /// Without a scope, or when the scope's line is already written, it is told in the next line as a late one.
    ///
    /// - Parameters:
    ///   - addition: What to add.
    ///   - scope: The scope to whose line it belongs.
    static func add(_ addition: MetricAddition, in scope: MetricsScope?) {
        guard let scope else { return lateMetrics.add() }
        guard !scope.enter(addition) else { return }

        lateMetrics.add()
        let reason = "added when the line of its invocation was written already. Await what adds it in the handler"
        scope.warn(MetricRefusal(name: addition.name, reason: reason))
    }

    /// - Returns: Whether a scope still has a line to tell the addition in.
    private func enter(_ addition: MetricAddition) -> Bool {
        let isInTime = level == .none || apply(addition)
        guard let parent else { return isInTime }
        return parent.enter(addition)
    }

    private func apply(_ addition: MetricAddition) -> Bool {
        var refusal: MetricRefusal?
        let isInTime = additions.withLock { metrics in
            // Looked at under the lock, as for calls: whoever claims the line takes the lock afterwards.
            guard !lineIsClaimed.load(ordering: .acquiring) else { return false }
            if metrics == nil { metrics = UserMetrics(dimensions: dimensions) }
            do throws(MetricRefusal) {
                try metrics?.apply(addition)
            } catch {
                refusal = error
            }
            return true
        }
        if let refusal { warn(refusal) }
        return isInTime
    }

    private func warn(_ refusal: MetricRefusal) {
        guard Self.refusals.isFirst(of: refusal.name) else { return }
        (logger ?? Logger()).describing(invocation).warning(
            "\(refusal). The line's rejectedMetrics counts such metrics.")
    }

    // MARK: - The process

    // For the process, as what is late for calls; task-local only so that a test can have its own.
    @TaskLocal static var lateMetrics = LateCallCounter()
    @TaskLocal static var refusals = RefusalLog()

    /// Takes the number of metrics that were added outside any scope or after their scope's line, for the line that
    /// tells it.
    ///
    /// - Returns: How many there were since they were last taken.
    public static func drainLateMetrics() -> Int {
        lateMetrics.drain()
    }
}
