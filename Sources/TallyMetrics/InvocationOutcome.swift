/// How an invocation ended, as its line tells it.
public struct InvocationOutcome: RawRepresentable, Sendable, Hashable {
    /// The outcome's name in the line.
    public let rawValue: String

    /// Creates an outcome from its name.
    ///
    /// - Parameter rawValue: The name in the line.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The handler returned a result.
    public static let success = InvocationOutcome(rawValue: "success")
    /// The event could not be decoded, the handler threw, or its result could not be told.
    public static let error = InvocationOutcome(rawValue: "error")
    /// The encoded result is larger than Lambda accepts.
    public static let responseTooLarge = InvocationOutcome(rawValue: "ResponseTooLarge")
    /// The deadline was near and the handler not done, or failed since it was cancelled for that reason.
    public static let timeout = InvocationOutcome(rawValue: "timeout")
    /// Lambda ended the process while the handler ran.
    public static let shutdown = InvocationOutcome(rawValue: "shutdown")
    /// The process crashed while the handler ran.
    public static let crash = InvocationOutcome(rawValue: "crash")
    /// The process called `exit` while the handler ran.
    public static let exit = InvocationOutcome(rawValue: "exit")
}
