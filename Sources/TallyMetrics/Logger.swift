import TallyWire

/// Writes JSON lines to the function's log.
///
///     context.logger.info("saved", ["kms_calls": Document.totalMetrics.kmsCalls])
///     // {"timestamp":"2026-11-21T01:02:03.004Z","level":"INFO","message":"saved","requestId":"989ffbf8…","kms_calls":1}
///
/// Lines below the least level cost a comparison: neither message nor metadata is evaluated. Metadata cannot take the place
/// of what identifies a line: a name that the logger uses itself (``reservedNames``) is written as `metadata_` and the
/// name. Of metadata under one name the last is written.
public struct Logger: Sendable {
    /// Names that metadata is not written under: the logger's own, and the one that makes a line one of metrics.
    public static let reservedNames: Set<String> = [
        "_aws", "timestamp", "level", "message", "requestId", "traceId", "tenantId",
    ]

    /// The least level that is logged.
    public var minimumLevel: LogLevel
    private let invocation: InvocationInfo
    private let output: LineOutput
    private let clock: @Sendable () -> Timestamp

    /// Creates a logger.
    ///
    /// - Parameters:
    ///   - minimumLevel: The least level that is logged.
    ///   - invocation: Whose id, trace and tenant are on each line.
    ///   - output: Where lines go.
    public init(
        minimumLevel: LogLevel = .info, invocation: InvocationInfo = InvocationInfo(),
        output: LineOutput = .standardOutput
    ) {
        self.init(minimumLevel: minimumLevel, invocation: invocation, output: output, clock: Timestamp.now)
    }

    init(
        minimumLevel: LogLevel, invocation: InvocationInfo, output: LineOutput,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.minimumLevel = minimumLevel
        self.invocation = invocation
        self.output = output
        self.clock = clock
    }

    /// The same logger for another invocation.
    package func describing(_ invocation: InvocationInfo) -> Logger {
        Logger(minimumLevel: minimumLevel, invocation: invocation, output: output, clock: clock)
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
        write(level, message(), metadata().map { ($0.key, $0.value) })
    }

    /// Logs a warning whose named values are known only at run time.
    func warning(_ message: String, fields: [(String, any LogValue)]) {
        guard .warning >= minimumLevel else { return }
        write(.warning, message, fields)
    }

    private func write(_ level: LogLevel, _ message: String, _ metadata: [(String, any LogValue)]) {
        var json = JSONWriter()
        json.beginObject()
        json.key("timestamp")
        json.string(clock().iso8601)
        json.key("level")
        json.string(level.rawValue)
        json.key("message")
        json.string(message)
        writeInvocation(to: &json)
        writeMetadata(metadata, to: &json)
        json.endObject()
        json.endLine()
        output.write(json.bytes)
    }

    private func writeInvocation(to json: inout JSONWriter) {
        if let requestID = invocation.requestID {
            json.key("requestId")
            json.string(requestID)
        }
        if let traceID = invocation.traceID {
            json.key("traceId")
            json.string(traceID)
        }
        if let tenantID = invocation.tenantID {
            json.key("tenantId")
            json.string(tenantID)
        }
    }

    private func writeMetadata(_ metadata: [(String, any LogValue)], to json: inout JSONWriter) {
        let members = metadata.map { (name: Self.writtenName($0.0), value: $0.1) }
        for (position, member) in members.enumerated() {
            // A name twice in one object is read differently by each reader.
            let isRepeated = members[(position + 1)...].contains { $0.name == member.name }
            guard !isRepeated else { continue }
            json.key(member.name)
            member.value.write(to: &json)
        }
    }

    private static func writtenName(_ name: String) -> String {
        reservedNames.contains(name) ? "metadata_\(name)" : name
    }
}
