/// A failure between the function and Lambda itself; without a Runtime API it ends the process.
public struct RuntimeError: DiagnosableError, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The kind's name, as it appears in messages.
        public let rawValue: String

        /// Creates a kind from its name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The process was not started by Lambda or an emulator.
        public static let notUnderLambda = Code(rawValue: "Runtime.NotUnderLambda")
        /// The Runtime API does not answer any more.
        public static let apiLost = Code(rawValue: "Runtime.APILost")
        /// The Runtime API answered with something that is not an invocation.
        public static let invalidInvocation = Code(rawValue: "Runtime.InvalidInvocation")
        /// `_HANDLER` names none of the executable's functions.
        public static let unknownFunction = Code(rawValue: "Runtime.UnknownFunction")
        /// The local server cannot listen on its port.
        public static let portUnavailable = Code(rawValue: "Runtime.PortUnavailable")
        /// The answer's content type cannot be sent.
        public static let invalidContentType = Code(rawValue: "Runtime.InvalidContentType")
        /// Status, headers or cookies of a streamed answer cannot be sent.
        public static let invalidResponseHead = Code(rawValue: "Runtime.InvalidResponseHead")
        /// A streamed answer is written to that has ended, or that nobody takes any more.
        public static let responseClosed = Code(rawValue: "Runtime.ResponseClosed")
        /// The handler was cancelled shortly before its deadline.
        public static let timedOut = Code(rawValue: "Runtime.TimedOut")
        /// The function cannot take several events at once.
        public static let notConcurrent = Code(rawValue: "Runtime.NotConcurrent")
        /// An environment variable has a value that cannot be used.
        public static let invalidSetting = Code(rawValue: "Runtime.InvalidSetting")
        /// The encoded answer is larger than Lambda accepts.
        public static let responseTooLarge = Code(rawValue: "ResponseTooLarge")
    }

    /// The kind of failure.
    public let code: Code
    /// Where it was, what was seen and what to do.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: Where it was, what was seen and what to do.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The code's name.
    public var errorType: String { code.rawValue }

    /// The message.
    public var description: String { message }
}
