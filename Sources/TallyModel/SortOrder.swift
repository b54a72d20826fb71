/// The order in which a query returns items.
public enum SortOrder: Sendable, Hashable {
    /// From the least sort key to the greatest.
    case ascending
    /// From the greatest sort key to the least.
    case descending
}
