/// How grave a log line is, in the names of Lambda's log controls.
public enum LogLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Each step, to follow one invocation.
    case trace = "TRACE"
    /// What helps to find a fault.
    case debug = "DEBUG"
    /// What is worth knowing of a healthy function.
    case info = "INFO"
    /// What works still, and should be looked at.
    case warning = "WARN"
    /// What failed.
    case error = "ERROR"
    /// What ends the process.
    case fatal = "FATAL"

    /// Orders from `trace` to `fatal`.
    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.severity < right.severity
    }

    /// The level's name in swift-log, which calls the gravest `critical` and spells `warning` out.
    public var swiftLogName: String {
        switch self {
        case .warning: "warning"
        case .fatal: "critical"
        default: rawValue.lowercased()
        }
    }

    private var severity: Int {
        switch self {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .warning: 3
        case .error: 4
        case .fatal: 5
        }
    }
}
