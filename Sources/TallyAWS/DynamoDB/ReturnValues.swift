/// What a write returns of the item that it changed, replaced or removed.
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
    /// The changed attributes as they were before; for updates.
    public static let updatedOld = ReturnValues(rawValue: "UPDATED_OLD")
    /// The item as it is now; for updates.
    public static let allNew = ReturnValues(rawValue: "ALL_NEW")
    /// The changed attributes as they are now; for updates.
    public static let updatedNew = ReturnValues(rawValue: "UPDATED_NEW")
}
