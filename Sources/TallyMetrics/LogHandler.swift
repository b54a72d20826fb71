/// Where log lines go.
///
/// ``JSONLogHandler`` is the usual one. One that hands lines on to swift-log, which an application's other packages log
/// to:
///
///     struct SwiftLogHandler: LogHandler {
///         let logger: Logging.Logger
///
///         func handle(_ entry: LogEntry) {
///             let metadata = entry.metadata.map { ($0.name, Logging.Logger.MetadataValue.string($0.value.text)) }
///             logger.log(
///                 level: Logging.Logger.Level(rawValue: entry.level.swiftLogName) ?? .critical, "\(entry.message)",
///                 metadata: Dictionary(metadata, uniquingKeysWith: { $1 }))
///         }
///     }
///
///     static func configure(_ metrics: inout MetricsConfiguration) {
///         metrics.logHandler = SwiftLogHandler(logger: Logging.Logger(label: "orders"))
///     }
public protocol LogHandler: Sendable {
    /// Takes one line that is grave enough to be logged.
    ///
    /// It is called by whoever logs, from any thread, and must neither wait nor log itself.
    ///
    /// - Parameter entry: The line.
    func handle(_ entry: LogEntry)
}
