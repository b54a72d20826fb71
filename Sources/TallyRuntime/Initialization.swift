public import TallyHTTP
public import TallyMetrics

/// What a function knows in Lambda's init phase, and what it may build on.
public struct Initialization: Sendable {
    /// The transport on the runtime's own loop, whose connections and thread the clients made in init share.
    public let transport: any Transport
    /// Waits on the runtime's own loop, for clients that wait between two attempts.
    public let sleep: @Sendable (Duration) async throws -> Void
    /// Writes JSON lines to the function's log.
    public let logger: Logger
    /// How much is measured, as `TALLY_METRICS_LEVEL` says.
    public let metricsLevel: MetricsLevel
    /// The name after `_HANDLER`, with which one executable may choose between functions.
    public let handlerName: String
    /// How many events the function is handed at once: more than 1 on managed instances alone.
    public let concurrency: Int
    private let hooks: ShutdownHooks

    package init(
        transport: any Transport, sleep: @escaping @Sendable (Duration) async throws -> Void, logger: Logger,
        metricsLevel: MetricsLevel, handlerName: String, concurrency: Int, hooks: ShutdownHooks
    ) {
        self.transport = transport
        self.sleep = sleep
        self.logger = logger
        self.metricsLevel = metricsLevel
        self.handlerName = handlerName
        self.concurrency = concurrency
        self.hooks = hooks
    }

    /// Has something done once before Lambda ends the process, such as to close connections or to send what was
    /// gathered.
    ///
    /// Lambda sends SIGTERM, gives 300 ms and kills the process. All hooks run side by side, within 250 ms of it,
    /// beside a handler that may still be at work. A process that crashes or is killed runs none, nor does one with
    /// `TALLY_SHUTDOWN=off`, which Lambda kills without a signal unless the function has another extension.
    ///
    /// - Parameter hook: What is done.
    public func onShutdown(_ hook: @escaping @Sendable () async -> Void) {
        hooks.add(hook)
    }
}
