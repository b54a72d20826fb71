public import TallyWire

/// What DynamoDB tells of a table.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html>
public struct TableDescription: Sendable, Hashable {
    /// The state of a table or of an index.
    public struct Status: RawRepresentable, Sendable, Hashable {
        /// The state's name.
        public let rawValue: String

        /// Creates a state from its name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// It is being made.
        public static let creating = Status(rawValue: "CREATING")
        /// It is being changed, and can be used.
        public static let updating = Status(rawValue: "UPDATING")
        /// It is being removed.
        public static let deleting = Status(rawValue: "DELETING")
        /// It can be used.
        public static let active = Status(rawValue: "ACTIVE")
    }

    /// What DynamoDB tells of a secondary index.
    public struct Index: Sendable, Hashable {
        /// The index's name.
        public var name = ""
        /// The index's key.
        public var keys: [KeyAttribute] = []
        /// The index's state; `nil` for local ones, which share the table's.
        public var status: Status?
        /// Whether items from before the index are still being added.
        public var isBackfilling = false
        /// Items in the index, counted about every six hours.
        public var itemCount: Int?
        /// Bytes in the index, counted about every six hours.
        public var sizeBytes: Int?
        /// The index's ARN.
        public var arn: String?
    }

    /// The table's name.
    public var name = ""
    /// The table's ARN.
    public var arn: String?
    /// The table's state.
    public var status: Status?
    /// The table's primary key.
    public var keys: [KeyAttribute] = []
    /// The global secondary indexes.
    public var globalIndexes: [Index] = []
    /// The local secondary indexes.
    public var localIndexes: [Index] = []
    /// Items in the table, counted about every six hours.
    public var itemCount: Int?
    /// Bytes in the table, counted about every six hours.
    public var sizeBytes: Int?
    /// How capacity is paid for.
    public var billing = TableBilling.onDemand
    /// The ARN of the table's stream; `nil` when it has none.
    public var streamARN: String?
    /// Whether the table is protected from being removed.
    public var isDeletionProtected = false
    /// When the table was made.
    public var created: Timestamp?
    /// `STANDARD` or `STANDARD_INFREQUENT_ACCESS`; `nil` where it was never chosen.
    public var tableClass: String?
}

extension TableDescription {
    init(from reader: inout JSONReader) throws(JSONError) {
        var table = TableDescription()
        var types: [String: KeyAttribute.AttributeType] = [:]
        try reader.members { (key, reader) throws(JSONError) in
            if reader.matches(key, "TableName") {
                table.name = try reader.string()
            } else if reader.matches(key, "TableArn") {
                table.arn = try reader.string()
            } else if reader.matches(key, "TableStatus") {
                table.status = Status(rawValue: try reader.string())
            } else if reader.matches(key, "KeySchema") {
                table.keys = try KeyAttribute.schema(from: &reader)
            } else if reader.matches(key, "AttributeDefinitions") {
                types = try Self.types(from: &reader)
            } else if reader.matches(key, "GlobalSecondaryIndexes") {
                table.globalIndexes = try Self.indexes(from: &reader)
            } else if reader.matches(key, "LocalSecondaryIndexes") {
                table.localIndexes = try Self.indexes(from: &reader)
            } else if reader.matches(key, "ItemCount") {
                table.itemCount = try reader.integer()
            } else if reader.matches(key, "TableSizeBytes") {
                table.sizeBytes = try reader.integer()
            } else if reader.matches(key, "LatestStreamArn") {
                table.streamARN = try reader.string()
            } else if reader.matches(key, "DeletionProtectionEnabled") {
                table.isDeletionProtected = try reader.bool()
            } else if reader.matches(key, "CreationDateTime") {
                table.created = try reader.timestamp()
            } else {
                return try table.readSettings(key, &reader)
            }
            return true
        }
        func typed(_ keys: [KeyAttribute]) -> [KeyAttribute] {
            keys.map { KeyAttribute(name: $0.name, type: types[$0.name] ?? $0.type, isSortKey: $0.isSortKey) }
        }
        table.keys = typed(table.keys)
        for index in table.globalIndexes.indices {
            table.globalIndexes[index].keys = typed(table.globalIndexes[index].keys)
        }
        for index in table.localIndexes.indices {
            table.localIndexes[index].keys = typed(table.localIndexes[index].keys)
        }
        self = table
    }

    private mutating func readSettings(_ key: Range<Int>, _ reader: inout JSONReader) throws(JSONError) -> Bool {
        if reader.matches(key, "ProvisionedThroughput") {
            let units = try TableBilling.Units(from: &reader, "ReadCapacityUnits", "WriteCapacityUnits")
            // Tables on demand tell zeros here.
            if units.read > 0 || units.write > 0 { billing.provisioned = units }
        } else if reader.matches(key, "OnDemandThroughput") {
            let units = try TableBilling.Units(from: &reader, "MaxReadRequestUnits", "MaxWriteRequestUnits")
            if units.read > 0 || units.write > 0 { billing.maximum = units }
        } else if reader.matches(key, "TableClassSummary") {
            var name: String?
            try reader.members { (key, reader) throws(JSONError) in
                guard reader.matches(key, "TableClass") else { return false }
                name = try reader.string()
                return true
            }
            tableClass = name
        } else {
            return false
        }
        return true
    }

    private static func types(
        from reader: inout JSONReader
    ) throws(JSONError) -> [String: KeyAttribute.AttributeType] {
        var types: [String: KeyAttribute.AttributeType] = [:]
        try reader.elements { (reader) throws(JSONError) in
            var (name, type) = ("", "")
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "AttributeName") {
                    name = try reader.string()
                } else if reader.matches(key, "AttributeType") {
                    type = try reader.string()
                } else {
                    return false
                }
                return true
            }
            types[name] = KeyAttribute.AttributeType(rawValue: type)
        }
        return types
    }

    private static func indexes(from reader: inout JSONReader) throws(JSONError) -> [Index] {
        var indexes: [Index] = []
        try reader.elements { (reader) throws(JSONError) in
            var index = Index()
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "IndexName") {
                    index.name = try reader.string()
                } else if reader.matches(key, "KeySchema") {
                    index.keys = try KeyAttribute.schema(from: &reader)
                } else if reader.matches(key, "IndexStatus") {
                    index.status = Status(rawValue: try reader.string())
                } else if reader.matches(key, "Backfilling") {
                    index.isBackfilling = try reader.bool()
                } else if reader.matches(key, "ItemCount") {
                    index.itemCount = try reader.integer()
                } else if reader.matches(key, "IndexSizeBytes") {
                    index.sizeBytes = try reader.integer()
                } else if reader.matches(key, "IndexArn") {
                    index.arn = try reader.string()
                } else {
                    return false
                }
                return true
            }
            indexes.append(index)
        }
        return indexes
    }
}

extension TableBilling.Units {
    fileprivate init(
        from reader: inout JSONReader, _ readName: StaticString, _ writeName: StaticString
    ) throws(JSONError) {
        var units = TableBilling.Units(read: 0, write: 0)
        try reader.members { (key, reader) throws(JSONError) in
            if reader.matches(key, readName) {
                units.read = try reader.integer()
            } else if reader.matches(key, writeName) {
                units.write = try reader.integer()
            } else {
                return false
            }
            return true
        }
        self = units
    }
}
