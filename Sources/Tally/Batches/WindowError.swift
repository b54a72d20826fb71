/// Why a batch of a tumbling window has no answer, apart from what its handler throws.
public struct WindowError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The kind's name.
        public let rawValue: String

        /// Creates a kind from its name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The event is of no window, so that nothing would keep the state.
        public static let noWindow = Code(rawValue: "NoWindow")
        /// The state of the batches before is not what the function expects.
        public static let unexpectedState = Code(rawValue: "UnexpectedState")
        /// The state is encoded as something else than a JSON object.
        public static let unsuitableState = Code(rawValue: "UnsuitableState")
        /// The state is larger than Lambda takes.
        public static let stateTooLarge = Code(rawValue: "StateTooLarge")
    }

    /// The kind of failure.
    public let code: Code
    /// What was seen and what to do; no value of the state.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What was seen and what to do.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Where it was, what was seen and what to do.
    public var description: String { "tumbling window: \(message)" }
}
