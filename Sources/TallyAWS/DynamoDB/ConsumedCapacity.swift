import TallyWire

/// The capacity that one request consumed of one table.
public struct ConsumedCapacity: Sendable, Hashable {
    /// The table's name; `nil` when the service did not say.
    public var table: String?
    /// Read units of a read, write units of a write, indexes included.
    public var units: Double
    /// The share of each index, where the request asked for it.
    public var indexes: [String: Double]
    /// Those of the indexes that are local.
    var localIndexes: Set<String> = []

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
    /// Reads a capacity, most likely that of the table `expected`, whose name is then not made anew.
    init(from reader: inout JSONReader, of expected: String? = nil) throws(JSONError) {
        if let expected, let units = Self.units(from: &reader, of: expected) {
            self.init(table: expected, units: units)
            return
        }
        var capacity = ConsumedCapacity(units: 0)
        try reader.members { (key, reader) throws(JSONError) in
            if reader.matches(key, "CapacityUnits") {
                capacity.units = try reader.double()
            } else if reader.matches(key, "TableName") {
                capacity.table = try reader.string()
            } else if reader.matches(key, "GlobalSecondaryIndexes") {
                try capacity.readIndexes(areLocal: false, from: &reader)
            } else if reader.matches(key, "LocalSecondaryIndexes") {
                try capacity.readIndexes(areLocal: true, from: &reader)
            } else {
                return false
            }
            return true
        }
        self = capacity
    }

    // What DynamoDB answers to TOTAL; to compare that as a whole takes a third of what reading each member does.
    private static func units(from reader: inout JSONReader, of table: String) -> Double? {
        let start = reader.offset
        if reader.consumeExactly(#"{"CapacityUnits":"#), let units = try? reader.double(),
            reader.consumeExactly(#","TableName":""#), reader.consumeExactly(table), reader.consumeExactly(#""}"#)
        {
            return units
        }
        reader.offset = start
        return nil
    }

    private mutating func readIndexes(areLocal: Bool, from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let name = try reader.nextMember() {
            indexes[name] = try ConsumedCapacity(from: &reader).units
            if areLocal { localIndexes.insert(name) }
        }
    }

    /// Reads the capacities of a request on several tables.
    static func list(from reader: inout JSONReader) throws(JSONError) -> [ConsumedCapacity] {
        var capacities: [ConsumedCapacity] = []
        try reader.elements { (reader) throws(JSONError) in capacities.append(try ConsumedCapacity(from: &reader)) }
        return capacities
    }
}
