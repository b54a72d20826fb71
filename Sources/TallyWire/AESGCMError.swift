/// Why a text could not be sealed or opened; shows neither key nor nonce nor text.
public struct AESGCMError: Error, Sendable, Hashable, CustomStringConvertible {
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

        /// A key, a nonce or a sealed text has the wrong length.
        public static let invalidLength = Code(rawValue: "InvalidLength")
        /// Sealed text, key, nonce or context is not what it was.
        public static let authenticationFailed = Code(rawValue: "AuthenticationFailed")
    }

    /// The kind of failure.
    public let code: Code
    /// What was seen.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// *AES-GCM: what was seen.*
    public var description: String { "AES-GCM: \(message)" }
}
