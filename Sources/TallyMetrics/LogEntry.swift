public import TallyWire

/// One line of the log, before it is written.
public struct LogEntry: Sendable {
    /// When it was logged.
    public let timestamp: Timestamp
    /// How grave it is.
    public let level: LogLevel
    /// What happened.
    public let message: String
    /// Named values in their order, those that are not to be read already replaced, see ``LogRedaction``.
    public let metadata: [(name: String, value: any LogValue)]
    /// The invocation in which it was logged, empty outside any.
    public let invocation: InvocationInfo
    /// The name under which the function's metrics are found, `nil` where it has none.
    public let service: String?
    /// Whether it was logged in init or in the process's first invocation.
    public let isColdStart: Bool
}
