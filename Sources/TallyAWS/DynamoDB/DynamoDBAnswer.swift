import TallyWire

/// What the responses of DynamoDB's item operations hold, read in one pass; each operation takes what is its own.
struct DynamoDBAnswer {
    /// `Item` of a read, `Attributes` of a write.
    private(set) var item: WireItem?
    private(set) var items: [WireItem] = []
    private(set) var count: Int?
    private(set) var scannedCount: Int?
    private(set) var lastEvaluatedKey: WireItem?
    private(set) var capacity: ConsumedCapacity?

    init(_ body: [UInt8]) throws(JSONError) {
        var answer = DynamoDBAnswer()
        try JSONReader.read(body) { (reader) throws(JSONError) in
            try reader.beginObject()
            while let key = try reader.nextKey() { try answer.read(key, &reader, body) }
            try reader.finish()
        }
        self = answer
    }

    private init() {}

    private mutating func read(
        _ key: Range<Int>, _ reader: inout JSONReader, _ body: [UInt8]
    ) throws(JSONError) {
        // AWS's protocols allow null for every absent member.
        if try reader.peekKind() == .null {
            try reader.null()
        } else if reader.matches(key, "Items") {
            try reader.beginArray()
            while try reader.nextElement() { items.append(WireItem(buffer: body, range: try reader.skipValue())) }
        } else if reader.matches(key, "Item") || reader.matches(key, "Attributes") {
            item = WireItem(buffer: body, range: try reader.skipValue())
        } else if reader.matches(key, "LastEvaluatedKey") {
            lastEvaluatedKey = WireItem(buffer: body, range: try reader.skipValue())
        } else if reader.matches(key, "Count") {
            count = try reader.integer()
        } else if reader.matches(key, "ScannedCount") {
            scannedCount = try reader.integer()
        } else if reader.matches(key, "ConsumedCapacity") {
            capacity = try ConsumedCapacity(from: &reader)
        } else {
            _ = try reader.skipValue()
        }
    }
}

extension ConsumedCapacity {
    init(from reader: inout JSONReader) throws(JSONError) {
        self.init(units: 0)
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "CapacityUnits") {
                units = try reader.double()
            } else if reader.matches(key, "GlobalSecondaryIndexes") || reader.matches(key, "LocalSecondaryIndexes") {
                try reader.beginObject()
                while let name = try reader.nextMember() { indexes[name] = try ConsumedCapacity(from: &reader).units }
            } else {
                _ = try reader.skipValue()
            }
        }
    }
}
