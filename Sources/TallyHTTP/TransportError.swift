/// Why no complete response arrived.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The kind's name, as it appears in messages and metrics.
        public let rawValue: String

        /// Creates a kind from its name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The host's name has no address.
        public static let unknownHost = Code(rawValue: "UnknownHost")
        /// No connection could be opened.
        public static let connectionFailed = Code(rawValue: "ConnectionFailed")
        /// The connection ended before the response was complete.
        public static let connectionLost = Code(rawValue: "ConnectionLost")
        /// A bound of ``Timeouts`` was reached.
        public static let timedOut = Code(rawValue: "TimedOut")
        /// The server's certificate or the TLS handshake was refused.
        public static let tls = Code(rawValue: "TLS")
        /// The calling task was cancelled.
        public static let cancelled = Code(rawValue: "Cancelled")
        /// The URL or a header cannot be sent.
        public static let invalidRequest = Code(rawValue: "InvalidRequest")
        /// The request's body broke off.
        public static let bodyFailed = Code(rawValue: "BodyFailed")
        /// A file could not be written.
        public static let fileFailed = Code(rawValue: "FileFailed")
        /// The response is larger than ``Request/responseLimit``.
        public static let responseTooLarge = Code(rawValue: "ResponseTooLarge")
        /// The answer is not HTTP, or the transport failed in itself.
        public static let invalidResponse = Code(rawValue: "InvalidResponse")
    }

    /// The kind of failure.
    public var code: Code
    /// Where it was and what was seen.
    public var message: String
    /// HTTP requests put on a wire before the failure.
    public var attempts: Int
    /// Bytes of the body that had arrived of a response with a status of success.
    public var contentBytes = 0

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: Where it was and what was seen.
    ///   - attempts: HTTP requests put on a wire before the failure.
    public init(_ code: Code, _ message: String, attempts: Int = 0) {
        self.code = code
        self.message = message
        self.attempts = attempts
    }

    /// The message, then the kind.
    public var description: String { "\(message) (\(code.rawValue))" }

    /// Whether the same request may succeed when it is sent again: anything but a certificate, an unsendable
    /// request, a broken body or file, too large a response or a cancellation.
    public var isRetryable: Bool {
        ![.tls, .cancelled, .invalidRequest, .bodyFailed, .fileFailed, .responseTooLarge].contains(code)
    }
}
