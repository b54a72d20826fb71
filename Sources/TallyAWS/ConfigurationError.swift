/// A setting that is missing or cannot be used.
///
///     AWS_ACCESS_KEY_ID: not set. Run inside Lambda, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The setting's name, such as an environment variable's.
    public var setting: String
    /// What was seen, then what to do; never a secret.
    public var message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - setting: The setting's name.
    ///   - message: What was seen, then what to do.
    public init(_ setting: String, _ message: String) {
        self.setting = setting
        self.message = message
    }

    /// The setting, then the message.
    public var description: String { "\(setting): \(message)" }
}
