/// What a write returns of the item that it replaced or removed.
public struct ReturnValues: RawRepresentable, Sendable, Hashable {
    /// The name in requests.
    public let rawValue: String

    /// Creates a choice from its name in requests.
    ///
    /// - Parameter rawValue: The name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Nothing.
    public static let none = ReturnValues(rawValue: "NONE")
    /// The item as it was before.
    public static let allOld = ReturnValues(rawValue: "ALL_OLD")
}
