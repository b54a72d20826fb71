import TallyWire

/// Writes JSON lines to the function's log.
///
///     context.logger.info("saved", ["kms_calls": Document.totalMetrics.kmsCalls])
///     // {"timestamp":"2026-11-21T01:02:03.004Z","level":"INFO","message":"saved","service":"orders",
///     //  "requestId":"989ffbf8…","kms_calls":1}
///
/// Lines below the least level cost a comparison: neither message nor metadata is evaluated. Metadata cannot take the
/// place of what identifies a line: a name that the logger uses itself (``reservedNames``) is written as `metadata_`
/// and the name. Of metadata under one name the last is written. What must not be read is not: ``LogRedaction``.
public struct Logger: Sendable {
    /// Names that metadata is not written under: the logger's own, and the one that makes a line one of metrics.
    public static let reservedNames: Set<String> = [
        "_aws", "timestamp", "level", "message", "service", "requestId", "traceId", "tenantId", "coldStart",
    ]

    /// The least level that is logged.
    public var minimumLevel: LogLevel
    private let invocation: InvocationInfo
    private let isColdStart: Bool
    private let journal: Journal

    /// What all loggers of a process share.
    private final class Journal: Sendable {
        let handler: any LogHandler
        let service: String?
        let redaction: LogRedaction
        let clock: @Sendable () -> Timestamp

        init(
            handler: any LogHandler, service: String?, redaction: LogRedaction,
            clock: @escaping @Sendable () -> Timestamp
        ) {
            self.handler = handler
            self.service = service
            self.redaction = redaction
            self.clock = clock
        }
    }

    /// Creates a logger that writes JSON lines.
    ///
    /// - Parameters:
    ///   - minimumLevel: The least level that is logged.
    ///   - invocation: Whose id, trace and tenant are on each line.
    ///   - output: Where lines go.
    public init(
        minimumLevel: LogLevel = .info, invocation: InvocationInfo = InvocationInfo(),
        output: LineOutput = .standardOutput
    ) {
        self.init(minimumLevel: minimumLevel, invocation: invocation, handler: JSONLogHandler(output: output))
    }

    /// Creates a logger.
    ///
    /// - Parameters:
    ///   - minimumLevel: The least level that is logged.
    ///   - invocation: Whose id, trace and tenant are on each line.
    ///   - handler: Where lines go.
    ///   - service: The name under which the function's metrics are found.
    ///   - redaction: Which named values are not shown.
    public init(
        minimumLevel: LogLevel = .info, invocation: InvocationInfo = InvocationInfo(), handler: any LogHandler,
        service: String? = nil, redaction: LogRedaction = .standard
    ) {
        self.init(
            minimumLevel: minimumLevel, invocation: invocation, handler: handler, service: service,
            redaction: redaction, clock: Timestamp.now)
    }

    init(
        minimumLevel: LogLevel = .info, invocation: InvocationInfo = InvocationInfo(), handler: any LogHandler,
        service: String? = nil, redaction: LogRedaction = .standard, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.init(
            minimumLevel, invocation, isColdStart: false,
            Journal(handler: handler, service: service, redaction: redaction, clock: clock))
    }

    private init(_ minimumLevel: LogLevel, _ invocation: InvocationInfo, isColdStart: Bool, _ journal: Journal) {
        self.minimumLevel = minimumLevel
        self.invocation = invocation
        self.isColdStart = isColdStart
        self.journal = journal
    }

    /// The same logger for another invocation, or for init.
    package func describing(_ invocation: InvocationInfo = InvocationInfo(), isColdStart: Bool = false) -> Logger {
        Logger(minimumLevel, invocation, isColdStart: isColdStart, journal)
    }

    /// Logs a step, to follow one invocation.
    ///
    /// - Parameters:
    ///   - message: What happened, evaluated only when it is logged.
    ///   - metadata: Named values, evaluated only when they are logged.
    public func trace(
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> KeyValuePairs<String, any LogValue> = [:]
    ) {
        log(.trace, message(), metadata())
    }

    /// Logs what helps to find a fault.
    ///
    /// - Parameters:
    ///   - message: What happened, evaluated only when it is logged.
    ///   - metadata: Named values, evaluated only when they are logged.
    public func debug(
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> KeyValuePairs<String, any LogValue> = [:]
    ) {
        log(.debug, message(), metadata())
    }

    /// Logs what is worth knowing of a healthy function.
    ///
    /// - Parameters:
    ///   - message: What happened, evaluated only when it is logged.
    ///   - metadata: Named values, evaluated only when they are logged.
    public func info(
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> KeyValuePairs<String, any LogValue> = [:]
    ) {
        log(.info, message(), metadata())
    }

    /// Logs what works still, and should be looked at.
    ///
    /// - Parameters:
    ///   - message: What happened, evaluated only when it is logged.
    ///   - metadata: Named values, evaluated only when they are logged.
    public func warning(
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> KeyValuePairs<String, any LogValue> = [:]
    ) {
        log(.warning, message(), metadata())
    }

    /// Logs what failed.
    ///
    /// - Parameters:
    ///   - message: What happened, evaluated only when it is logged.
    ///   - metadata: Named values, evaluated only when they are logged.
    public func error(
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> KeyValuePairs<String, any LogValue> = [:]
    ) {
        log(.error, message(), metadata())
    }

    /// Logs at a level chosen at run time.
    ///
    /// - Parameters:
    ///   - level: How grave it is.
    ///   - message: What happened, evaluated only when it is logged.
    ///   - metadata: Named values, evaluated only when they are logged.
    public func log(
        _ level: LogLevel, _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> KeyValuePairs<String, any LogValue> = [:]
    ) {
        guard level >= minimumLevel else { return }
        write(
            level, message(),
            metadata().map { ($0.key, journal.redaction.hides($0.key) ? "[redacted]" : $0.value) })
    }

    /// Logs a warning whose named values are this library's own: known only at run time, and none of them a secret.
    func warning(_ message: String, fields: [(String, any LogValue)]) {
        guard .warning >= minimumLevel else { return }
        write(.warning, message, fields)
    }

    private func write(_ level: LogLevel, _ message: String, _ fields: [(name: String, value: any LogValue)]) {
        journal.handler.handle(
            LogEntry(
                timestamp: journal.clock(), level: level, message: message, metadata: fields,
                invocation: invocation, service: journal.service, isColdStart: isColdStart))
    }
}
