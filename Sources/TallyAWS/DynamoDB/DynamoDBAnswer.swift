import TallyWire

/// What the responses of the operations on one table's items hold; each operation takes what is its own.
struct DynamoDBAnswer {
    /// `Item` of a read, `Attributes` of a write.
    private(set) var item: WireItem?
    private(set) var items: [WireItem] = []
    private(set) var count: Int?
    private(set) var scannedCount: Int?
    private(set) var lastEvaluatedKey: WireItem?
    private(set) var capacity: ConsumedCapacity?

    init(from reader: inout JSONReader, in body: [UInt8], of table: String) throws(JSONError) {
        var answer = DynamoDBAnswer()
        try reader.members { (key, reader) throws(JSONError) in
            if reader.matches(key, "Items") {
                answer.items = try reader.items(in: body)
            } else if reader.matches(key, "Item") || reader.matches(key, "Attributes") {
                answer.item = WireItem(buffer: body, range: try reader.skipValue())
            } else if reader.matches(key, "ConsumedCapacity") {
                answer.capacity = try ConsumedCapacity(from: &reader, of: table)
            } else if reader.matches(key, "LastEvaluatedKey") {
                answer.lastEvaluatedKey = WireItem(buffer: body, range: try reader.skipValue())
            } else if reader.matches(key, "Count") {
                answer.count = try reader.integer()
            } else if reader.matches(key, "ScannedCount") {
                answer.scannedCount = try reader.integer()
            } else {
                return false
            }
            return true
        }
        self = answer
    }

    private init() {}
}
