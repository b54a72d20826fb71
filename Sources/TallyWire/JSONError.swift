/// Why bytes are not the JSON that was asked for.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The kind's name.
        public let rawValue: String

        /// Creates a kind from its name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The bytes are not JSON, or not the kind of value asked for.
        public static let unexpectedByte = Code(rawValue: "UnexpectedByte")
        /// The text ends in the middle of a value.
        public static let unexpectedEnd = Code(rawValue: "UnexpectedEnd")
        /// A string is not valid UTF-8, or an escape in it is not a character.
        public static let invalidString = Code(rawValue: "InvalidString")
        /// A number is not written as JSON writes numbers.
        public static let invalidNumber = Code(rawValue: "InvalidNumber")
        /// A number does not fit the type asked for.
        public static let numberOutOfRange = Code(rawValue: "NumberOutOfRange")
        /// Containers are nested more deeply than allowed.
        public static let tooDeep = Code(rawValue: "TooDeep")
        /// The text is longer than a reader takes.
        public static let tooLong = Code(rawValue: "TooLong")
        /// The value is JSON but not what it should stand for.
        public static let invalidValue = Code(rawValue: "InvalidValue")
    }

    /// The kind of fault.
    public let code: Code
    /// The offset of the fault in the text, in bytes.
    public let offset: Int
    /// What was expected and what was seen, without the text's own strings.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of fault.
    ///   - offset: The offset of the fault in the text, in bytes.
    ///   - message: What was expected and what was seen.
    public init(_ code: Code, offset: Int, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }

    /// The place and the message, such as `offset 17: expected ':', found '}'`.
    public var description: String { "offset \(offset): \(message)" }
}
