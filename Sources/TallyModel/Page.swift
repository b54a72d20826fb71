/// One page of a query or a scan.
public struct Page<Root: Model>: Sendable {
    /// The items that passed the filter; may be empty on any page.
    public let items: [Root]
    /// Where the next page begins; `nil` after the last.
    public let cursor: Cursor?
}
