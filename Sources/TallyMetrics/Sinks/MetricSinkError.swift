/// A batch that a sink could not place, or not all of it.
public struct MetricSinkError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, of which there is one warning.
    public let code: String
    /// What was seen and what to do.
    public let message: String
    /// What certainly did not arrive and is worth another attempt.
    public let unsent: [MetricDelta]
    /// Observations that are gone: refused for good, or sent without an answer.
    public let lostObservations: Int
    /// How long the sink is to be left alone; such waiting does not count as an export without success.
    public let retryAfter: Duration?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure, of which there is one warning.
    ///   - message: What was seen and what to do.
    ///   - unsent: What certainly did not arrive and is worth another attempt.
    ///   - lostObservations: Observations that are gone.
    ///   - retryAfter: How long the sink is to be left alone.
    public init(
        code: String, message: String, unsent: [MetricDelta] = [], lostObservations: Int = 0,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.unsent = unsent
        self.lostObservations = lostObservations
        self.retryAfter = retryAfter
    }

    /// The kind and the message.
    public var description: String { "\(code): \(message)" }
}
