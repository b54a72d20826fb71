/// A secondary index: the properties that stand in it for the table's keys.
///
///     static let byTitle = Index("by-title", partition: \Document.title, sort: \.sk)
public struct Index<Root: Model>: Sendable {
    /// The index's name in the table.
    public let name: String
    let partition: any AnyKeyPath & Sendable
    let sort: (any AnyKeyPath & Sendable)?

    /// Describes an index with a partition key alone.
    ///
    /// - Parameters:
    ///   - name: The index's name in the table.
    ///   - partition: The property that is its partition key.
    public init<Partition: AttributeComparable>(
        _ name: String, partition: any KeyPath<Root, Partition> & Sendable
    ) {
        self.name = name
        self.partition = partition
        sort = nil
    }

    /// Describes an index with partition and sort key.
    ///
    /// - Parameters:
    ///   - name: The index's name in the table.
    ///   - partition: The property that is its partition key.
    ///   - sort: The property that is its sort key.
    public init<Partition: AttributeComparable, Sort: AttributeComparable>(
        _ name: String, partition: any KeyPath<Root, Partition> & Sendable, sort: any KeyPath<Root, Sort> & Sendable
    ) {
        self.name = name
        self.partition = partition
        self.sort = sort
    }
}
