import Synchronization

extension MetricsScope {
    /// Whether calls for one item tell its hash.
    package var tracksKeys: Bool { level != .none && isTrackingKeys.load(ordering: .relaxed) }

    /// Counts the calls for each item from here on.
    func trackKeys() {
        isTrackingKeys.store(true, ordering: .relaxed)
        parent?.trackKeys()
    }

    // For the process; task-local only so that a test can have its own.
    @TaskLocal static var registry = DetailRegistry()

    func warnOfTuples() {
        guard Self.registry.claimWarning() else { return }
        processLogger.warning(
            "detailed metrics: more than \(DetailRegistry.invocationLimit) combinations of table, operation, index and "
                + "error code in an invocation, or \(DetailRegistry.processLimit) in a process. What is beyond is summed "
                + "as other; each combination would cost as much as a function's own metrics. "
                + "Look for tables or buckets that are named after customers or days.")
    }

    /// The log, with the invocation's id on each line.
    var processLogger: Logger { (logger ?? Logger()).describing(invocation) }
}
