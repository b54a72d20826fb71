/// Measuring outside Lambda: in scripts, servers and tests.
public enum Metrics {
    /// What the calls of the scope in force took so far; ``MetricsSnapshot/unrecorded`` outside any.
    public static var current: MetricsSnapshot {
        MetricsScope.current?.snapshot() ?? .unrecorded
    }

    /// Runs `body` in a scope of its own and tells what its calls took.
    ///
    ///     let (document, metrics) = try await Metrics.withScope {
    ///         try await store.get(Document.key("DOC#1", "v1"))
    ///     }
    ///     let units = metrics.dynamoDB.readUnits
    ///
    /// Inside `body`, ``current`` has the figures so far, also where it is about to throw. Within an invocation or
    /// another scope, calls count there too. Within the ``MetricsExporter/run(_:)`` of an exporter, the figures of an
    /// outermost scope are recorded when it ends, also where `body` throws.
    ///
    /// - Parameters:
    ///   - level: How much is measured.
    ///   - prices: What calls are priced with.
    ///   - body: The work to measure.
    /// - Returns: What `body` returns, and its figures.
    /// - Throws: What `body` throws.
    @discardableResult
    public static func withScope<Value>(
        level: MetricsLevel = .summary, prices: PriceBook = .usEast1, _ body: () async throws -> Value
    ) async rethrows -> (value: Value, metrics: MetricsSnapshot) {
        let parent = MetricsScope.current
        let info = parent?.invocation ?? InvocationInfo()
        let scope = MetricsScope(
            info, level: level, prices: prices, dimensions: parent?.dimensions ?? [],
            logger: parent?.logger, parent: parent)
        // A scope around this one has the same calls, and is recorded itself.
        defer { if parent == nil { MetricsExporter.current?.record(ScopeFigures(scope)) } }
        let value = try await MetricsScope.$current.withValue(scope, operation: body)
        return (value, scope.snapshot())
    }
}
