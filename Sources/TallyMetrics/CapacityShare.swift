/// What one call consumed of one table or of one index, as DynamoDB tells it at level ``MetricsLevel/detailed``.
public struct CapacityShare: Sendable, Hashable {
    /// What consumed the capacity.
    public enum Part: Sendable, Hashable {
        /// The table, all of its indexes included.
        case table
        /// A global secondary index.
        case globalIndex(String)
        /// A local secondary index.
        case localIndex(String)
    }

    /// The table's name.
    public let table: String
    /// The table as a whole, or one of its indexes.
    public let part: Part
    /// Read units, `nil` of a write.
    public var readUnits: Double?
    /// Write units, `nil` of a read.
    public var writeUnits: Double?

    /// Creates a share.
    ///
    /// - Parameters:
    ///   - table: The table's name.
    ///   - part: The table as a whole, or one of its indexes.
    ///   - readUnits: Read units, `nil` of a write.
    ///   - writeUnits: Write units, `nil` of a read.
    public init(table: String, part: Part, readUnits: Double? = nil, writeUnits: Double? = nil) {
        self.table = table
        self.part = part
        self.readUnits = readUnits
        self.writeUnits = writeUnits
    }

    /// The index's name, `nil` of the table.
    public var index: String? {
        switch part {
        case .table: nil
        case .globalIndex(let name), .localIndex(let name): name
        }
    }
}
