import Synchronization

/// Collects the metrics of a process and hands them to sinks: what Lambda's line does for one invocation, for servers,
/// scripts and further places.
///
///     let exporter = MetricsExporter(service: "orders", sinks: [JSONLinesSink()])
///     try await exporter.run {
///         try await Metrics.withScope { try await serve() }     // its figures are recorded when it ends
///         exporter.record(3, of: MetricKey("ParcelsSent", unit: .count))
///     }
///
/// Each observation is in exactly one batch of each sink, however often it is flushed, and what is left is exported
/// once at the end. At level `none`, and without sinks, there is no registry, no clock is read and no sink opened.
///
/// May be used from any thread.
public final class MetricsExporter: Sendable {
    /// The exporter whose ``run(_:)`` this is, `nil` outside any.
    @TaskLocal public static var current: MetricsExporter?

    /// How much is measured.
    public let level: MetricsLevel
    /// What is observed; `nil` where nobody looks.
    let registry: MetricRegistry?
    private let sinks: FanOutSink?
    private let schedule: MetricsFlush
    private let dimensions: [MetricDimension]
    private let clock: MetricsClock
    private let tail = Mutex<Task<Void, Never>?>(nil)

    /// Creates an exporter.
    ///
    /// - Parameters:
    ///   - level: How much is measured; at `summary`, single tables, operations, indexes and error codes are not told
    ///     apart.
    ///   - service: The value of the dimension `service` of Tally's own metrics.
    ///   - sinks: Where the metrics go.
    ///   - flush: When they go there.
    ///   - timeLimit: How long a sink may take for each export.
    ///   - tupleLimit: How many different combinations of dimensions are kept apart.
    ///   - clock: The time.
    ///   - logger: Is told of each kind of failure once.
    public convenience init(
        level: MetricsLevel = .summary, service: String, sinks: [any MetricSink],
        flush: MetricsFlush = .interval(.seconds(60)), timeLimit: Duration = .seconds(5), tupleLimit: Int = 200,
        clock: MetricsClock = .system, logger: Logger = Logger()
    ) {
        self.init(
            level: level, dimensions: [MetricDimension(name: "service", value: service)], sinks: sinks, flush: flush,
            timeLimit: timeLimit, tupleLimit: tupleLimit, clock: clock, logger: logger)
    }

    init(
        level: MetricsLevel, dimensions: [MetricDimension], sinks: [any MetricSink], flush: MetricsFlush,
        timeLimit: Duration = .seconds(5), tupleLimit: Int = 200, clock: MetricsClock, logger: Logger
    ) {
        let isOn = level != .none && !sinks.isEmpty
        self.level = level
        self.dimensions = dimensions
        self.clock = clock
        schedule = flush
        registry = isOn ? MetricRegistry(tupleLimit: tupleLimit, clock: clock, logger: logger) : nil
        self.sinks = isOn ? FanOutSink(sinks, timeLimit: timeLimit, clock: clock, logger: logger) : nil
    }

    // MARK: - Recording and looking

    /// Records one observation.
    ///
    /// - Parameters:
    ///   - value: A finite number between -2^360 and 2^360; any other is refused and counted.
    ///   - key: The metric; at level `summary` without the dimensions `table`, `bucket`, `operation`, `index` and
    ///     `errorCode`.
    public func record(_ value: Double, of key: MetricKey) {
        guard let registry else { return }
        observe(registry.record([(level == .detailed ? key : key.summary, value)]))
    }

    /// Records the figures of a scope that has ended.
    func record(_ figures: ScopeFigures) {
        guard let registry else { return }
        observe(registry.record(figures.values(level: level, dimensions: dimensions)))
    }

    private func observe(_ observations: [MetricObservation]) {
        guard let sinks, sinks.observes else { return }
        for observation in observations { sinks.observe(observation) }
    }

    /// What was observed of one metric in the last 60 seconds.
    ///
    /// - Parameter key: The metric.
    /// - Returns: The window, `nil` when the metric was never observed.
    public func snapshot(of key: MetricKey) -> MetricWindow? { registry?.snapshot(of: key) }

    /// What was observed of each metric in the last 60 seconds.
    ///
    /// - Returns: The windows of all metrics that were ever observed, in the order of their keys.
    public func snapshots() -> [MetricWindow] { registry?.snapshots() ?? [] }

    /// Observations that did not reach a sink, by its name; those that lost nothing are not in it.
    public var lostObservations: [String: Int] { sinks?.lostObservations ?? [:] }

    /// Observations that were not taken, see ``MetricRegistry/refusedObservations``.
    public var refusedObservations: Int { registry?.refusedObservations ?? 0 }

    // MARK: - Exporting

    /// Opens the sinks, runs `body`, exports what is left and closes the sinks.
    ///
    /// Sinks that fail are told in the log; what `body` does and throws is unaffected.
    ///
    /// - Parameter body: The work, for which ``current`` is this exporter.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, after the last export.
    public func run<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        guard let sinks else { return try await body() }
        await sinks.open()
        let ticker = startTicker()
        let value: Value
        do {
            value = try await Self.$current.withValue(self, operation: body)
        } catch {
            await end(ticker)
            throw error
        }
        await end(ticker)
        return value
    }

    private func startTicker() -> Task<Void, Never>? {
        guard case .interval(let interval) = schedule else { return nil }
        let sleep = clock.sleep
        // In a task of its own, which `run` ends and waits for.
        return Task {
            while (try? await sleep(interval)) != nil { await self.flush() }
        }
    }

    private func end(_ ticker: Task<Void, Never>?) async {
        ticker?.cancel()
        // A flush that it has begun still ends: what it has drained is in nobody else's hands.
        await ticker?.value
        await shutDown()
    }

    /// Exports what was observed since the last flush, and waits for it, each sink within its time limit.
    ///
    /// Never throws. Flushes that overlap come one after another.
    public func flush() async {
        await flush(within: nil)
    }

    func flush(within limit: Duration?) async {
        guard let registry, let sinks else { return }
        let turn = tail.withLock { tail in
            let before = tail
            let turn = Task {
                await before?.value
                let batch = registry.drain()
                await sinks.export(batch, within: limit ?? .seconds(Int.max))
                registry.record(sinks.drainLosses())
            }
            tail = turn
            return turn
        }
        await turn.value
    }
}

extension MetricsExporter {
    // MARK: - Under a runtime

    /// Creates the exporter of a function; `nil` where nobody would get anything.
    package convenience init?(
        _ configuration: MetricsConfiguration, logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        guard configuration.level != .none, !configuration.sinks.isEmpty else { return nil }
        self.init(
            level: configuration.level,
            dimensions: [MetricDimension(name: "service", value: configuration.service)] + configuration.dimensions,
            sinks: configuration.sinks, flush: .perInvocation, clock: MetricsClock(sleep: sleep), logger: logger)
    }

    /// Records the figures of an invocation.
    package func record(_ report: InvocationReport) {
        record(ScopeFigures(report))
    }

    /// Exports what was observed, as far as there is time.
    ///
    /// - Parameter limit: How long it may take; where it is not positive, everything waits for the next flush.
    package func flush(within limit: Duration) async {
        guard limit > .zero else { return }
        await flush(within: Optional(limit))
    }

    /// Opens the sinks.
    ///
    /// - Parameter limit: How long it may take; a sink that is not open then is opened before its first export.
    package func open(within limit: Duration) async {
        await sinks?.open(within: limit)
    }

    /// Exports what is left, once, and closes the sinks.
    ///
    /// - Parameter limit: How long both may take together; the export has three fifths of it, so that a sink that stalls
    ///   does not keep the others from being closed.
    package func shutDown(within limit: Duration? = nil) async {
        await flush(within: limit.map { $0 * 3 / 5 })
        await sinks?.close(within: limit.map { $0 * 2 / 5 } ?? .seconds(Int.max))
    }
}
