import TallyWire

/// The capacity that one request consumed of one table.
public struct ConsumedCapacity: Sendable, Hashable {
    /// The table's name; `nil` when the service did not say.
    public var table: String?
    /// Read units of a read, write units of a write, indexes included.
    public var units: Double
    /// The share of each index, where the request asked for it.
    public var indexes: [String: Double]

    /// Creates an amount.
    ///
    /// - Parameters:
    ///   - table: The table's name.
    ///   - units: Read units of a read, write units of a write, indexes included.
    ///   - indexes: The share of each index.
    public init(table: String? = nil, units: Double, indexes: [String: Double] = [:]) {
        self.table = table
        self.units = units
        self.indexes = indexes
    }
}

extension ConsumedCapacity {
    init(from reader: inout JSONReader) throws(JSONError) {
        var capacity = ConsumedCapacity(units: 0)
        try reader.members { (key, reader) throws(JSONError) in
            if reader.matches(key, "CapacityUnits") {
                capacity.units = try reader.double()
            } else if reader.matches(key, "TableName") {
                capacity.table = try reader.string()
            } else if reader.matches(key, "GlobalSecondaryIndexes") || reader.matches(key, "LocalSecondaryIndexes") {
                try reader.beginObject()
                while let name = try reader.nextMember() {
                    capacity.indexes[name] = try ConsumedCapacity(from: &reader).units
                }
            } else {
                return false
            }
            return true
        }
        self = capacity
    }

    /// Reads the capacities of a request on several tables.
    static func list(from reader: inout JSONReader) throws(JSONError) -> [ConsumedCapacity] {
        var capacities: [ConsumedCapacity] = []
        try reader.elements { (reader) throws(JSONError) in capacities.append(try ConsumedCapacity(from: &reader)) }
        return capacities
    }
}
