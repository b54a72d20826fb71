/// The name under which a model's calls are accounted for.
public struct ModelName: RawRepresentable, Sendable, Hashable {
    /// The name of the model's type.
    public let rawValue: String

    /// Creates a name.
    ///
    /// - Parameter rawValue: The name of the model's type.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
