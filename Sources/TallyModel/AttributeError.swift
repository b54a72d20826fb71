public import TallyWire

/// Why a stored attribute is not the value that a model declares.
public struct AttributeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the model declares, such as `S`.
    public let expected: String
    /// What is stored, such as `N` or `nothing`; never the value itself.
    public let found: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - expected: What the model declares.
    ///   - found: What is stored, without the value itself.
    public init(expected: String, found: String) {
        self.expected = expected
        self.found = found
    }

    @usableFromInline
    init(expected: String, _ value: AttributeValue?) {
        self.init(expected: expected, found: value?.typeTag ?? "nothing")
    }

    @usableFromInline
    init(_ error: JSONError) {
        self.init(expected: "an attribute value", found: "broken JSON (\(error))")
    }

    /// What was to be written is nothing that DynamoDB can hold.
    static func unstorable(expected: String) -> AttributeError {
        AttributeError(expected: expected, found: "a value that DynamoDB cannot hold")
    }

    /// The same error, told of a member of the map that is read or written.
    func located(in member: String) -> AttributeError {
        AttributeError(expected: expected, found: "\(found) in '\(member)'")
    }

    /// *What was expected, what was seen.*
    public var description: String { "expected \(expected), found \(found)" }
}
