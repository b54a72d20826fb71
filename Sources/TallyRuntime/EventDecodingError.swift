import TallyWire

/// An event that is not what the function's `Event` type expects.
///
/// It prints as `event.records[0].body: expected String, found a number; number. Check …`. Neither it nor its parts hold a
/// value of the event.
public struct EventDecodingError: Error, Sendable, CustomStringConvertible {
    /// The member concerned, from the event's root, such as `event.records[0].body`.
    public let path: String
    /// The type that the function expects there.
    public let expected: String
    /// What was found, never with the value itself.
    public let found: String
    /// What is there, or around it where a member is missing: names of members and kinds of values; `nil` where the event
    /// is not JSON.
    public let snippet: String?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - path: The member concerned, from the event's root.
    ///   - expected: The type that the function expects there.
    ///   - found: What was found, without the value itself.
    ///   - snippet: What is there, without values.
    public init(path: String, expected: String, found: String, snippet: String? = nil) {
        self.path = path
        self.expected = expected
        self.found = found
        self.snippet = snippet
    }

    init(_ error: JSONDecodingError) {
        let isElement = error.path.hasPrefix("[")
        self.init(
            path: error.path.isEmpty ? "event" : isElement ? "event\(error.path)" : "event.\(error.path)",
            expected: error.expected, found: error.found, snippet: error.snippet)
    }

    /// Where it was, what was expected, what was seen and what to do.
    public var description: String {
        "\(path): expected \(expected), found \(found)\(snippet.map { "; \($0)" } ?? ""). "
            + "Check that the trigger sends what the function's Event type declares."
    }
}
