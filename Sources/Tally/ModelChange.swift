public import TallyModel

/// A change of one item, from the stream of a model's table.
///
/// A new item has no model before the change and a deleted one none after it. A stream's view type may leave out either
/// (`NEW_IMAGE`, `OLD_IMAGE`) or both (`KEYS_ONLY`); what happened is the record's `eventName`, therefore.
public struct ModelChange<Root: Model>: Sendable {
    /// The item's key, there whatever else the stream has of the item.
    public let key: Key<Root>
    /// The item before the change, where the stream has it.
    public let old: Root?
    /// The item after the change, where the stream has it.
    public let new: Root?

    /// Creates a change, for tests of what a function does with it.
    ///
    /// - Parameters:
    ///   - key: The item's key.
    ///   - old: The item before the change.
    ///   - new: The item after the change.
    public init(key: Key<Root>, old: Root? = nil, new: Root? = nil) {
        self.key = key
        self.old = old
        self.new = new
    }
}
