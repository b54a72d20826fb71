public import TallyAWS

/// Why a model could not be read or written, apart from what the service said.
public struct ModelError: Error, Sendable, CustomStringConvertible {
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

        /// A stored attribute is not what the schema declares.
        public static let attribute = Code(rawValue: "Attribute")
        /// The condition of a write did not hold: somebody else has written the item meanwhile.
        public static let conflict = Code(rawValue: "Conflict")
        /// A name that the schema takes from the environment is not there.
        public static let configuration = Code(rawValue: "Configuration")
        /// A query, a condition, a key or a stream's record does not fit the schema.
        public static let invalidRequest = Code(rawValue: "InvalidRequest")
        /// A stored file has no content to fetch or is not what its pointer says.
        public static let file = Code(rawValue: "File")
    }

    /// The kind of failure.
    public let code: Code
    /// The model's type.
    public let model: String
    /// The attribute concerned, where it is one.
    public let attribute: String?
    /// What was seen and what to do.
    public let message: String
    /// On a conflict, the item as it is stored, `nil` when there is none; ``Store/winner(of:as:)`` reads it.
    public let item: WireItem?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - model: The model's type.
    ///   - attribute: The attribute concerned.
    ///   - message: What was seen and what to do.
    ///   - item: On a conflict, the item as it is stored.
    public init(
        _ code: Code, model: String, attribute: String? = nil, _ message: String, item: WireItem? = nil
    ) {
        self.code = code
        self.model = model
        self.attribute = attribute
        self.message = message
        self.item = item
    }

    @usableFromInline
    init(model: String, attribute: String, _ error: AttributeError) {
        self.init(.attribute, model: model, attribute: attribute, "\(error)")
    }

    /// Where it was, what was seen and what to do.
    public var description: String {
        "\(model)\(attribute.map { ".\($0)" } ?? ""): \(message)"
    }
}
