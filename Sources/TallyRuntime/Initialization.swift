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

    init(
        transport: any Transport, sleep: @escaping @Sendable (Duration) async throws -> Void, logger: Logger,
        metricsLevel: MetricsLevel, handlerName: String
    ) {
        self.transport = transport
        self.sleep = sleep
        self.logger = logger
        self.metricsLevel = metricsLevel
        self.handlerName = handlerName
    }
}
