public import TallyMetrics
public import TallyRuntime
import TallyWire

/// What came of an invocation in a test.
public struct TestResult: Sendable {
    /// An error as Lambda was told it.
    public struct ReportedError: Error, Sendable, Hashable, Decodable, CustomStringConvertible {
        /// The error's type, such as `OrderRefused`.
        public let errorType: String
        /// The error's message.
        public let errorMessage: String
        /// Where it happened, where the error knows.
        public let stackTrace: [String]

        /// Type and message.
        public var description: String { "\(errorType): \(errorMessage)" }
    }

    /// The answer, `nil` where an error was reported in its place.
    ///
    /// Of a streamed one these are all bytes behind status and headers, also where it broke off.
    public internal(set) var answer: Payload?
    /// Whether the answer was streamed.
    public internal(set) var isStreamed = false
    /// The HTTP status of a streamed answer that has one.
    public internal(set) var status: Int?
    /// The HTTP headers of a streamed answer that has them.
    public internal(set) var headers: [String: String] = [:]
    /// The cookies of a streamed answer that has some.
    public internal(set) var cookies: [String] = []
    /// The error that was reported, in place of an answer or behind the bytes of one that broke off.
    public internal(set) var error: ReportedError?
    /// Why the function's process would have ended with this invocation; no other is handled after it.
    public internal(set) var processEnd: (any Error)?
    /// What the invocation's calls took, and what the handler added.
    public internal(set) var metrics = InvocationMetrics.unrecorded
    /// What was logged in the invocation, of every level.
    public internal(set) var logs: [LogEntry] = []
    /// The lines that CloudWatch would take its metrics from.
    public internal(set) var lines: [String] = []

    /// Decodes the answer from JSON.
    ///
    /// - Parameter type: The type of the answer.
    /// - Returns: The answer.
    /// - Throws: ``ReportedError`` when the function has failed, `JSONDecodingError` when the answer is another.
    public func decoded<Answer: Decodable>(_ type: Answer.Type = Answer.self) throws -> Answer {
        if let error { throw error }
        if let processEnd { throw processEnd }
        return try JSONCoder().decode(type, from: answer?.bytes ?? [])
    }

    /// The answer as text, for one in UTF-8.
    public var text: String? { answer.map { String(decoding: $0.bytes, as: UTF8.self) } }
}
