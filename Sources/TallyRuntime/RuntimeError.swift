/// A failure between the process and Lambda itself, which ends the process.
public struct RuntimeError: Error, Sendable, Hashable, CustomStringConvertible {
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

    /// The message.
    public var description: String { message }
}
