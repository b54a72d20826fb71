public import TallyWire

/// An event that is not what the function's `Event` type expects.
///
/// It prints as `event.records[0].body: expected String, found a number; {"body":number,"id":string}. Check …`, without a
/// value of the event.
public struct EventDecodingError: Error, Sendable, CustomStringConvertible {
    /// What was expected and what was found, and where.
    public let cause: JSONDecodingError

    /// Creates an error.
    ///
    /// - Parameter cause: What was expected and what was found, and where.
    public init(_ cause: JSONDecodingError) {
        self.cause = cause
    }

    /// Where it was, what was expected, what was seen and what to do.
    public var description: String {
        let separator = cause.path.isEmpty ? ": " : cause.path.hasPrefix("[") ? "" : "."
        return "event\(separator)\(cause). Check that the trigger sends what the function's Event type declares."
    }
}
