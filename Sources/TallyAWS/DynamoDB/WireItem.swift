public import TallyWire

/// One item, or key, as DynamoDB JSON: `{"pk":{"S":"DOC#1"}}`.
///
/// The form in which items travel between models and the wire. The items of one response share its bytes; none is
/// taken apart before somebody reads it.
public struct WireItem: Sendable {
    private let buffer: [UInt8]
    private let range: Range<Int>

    /// Wraps the text of one item.
    ///
    /// - Parameter bytes: One JSON object in DynamoDB's form; read, and so checked, when it is used.
    public init(bytes: [UInt8]) {
        self.init(buffer: bytes, range: 0..<bytes.count)
    }

    /// Writes an item.
    ///
    /// - Parameter item: The attributes; written sorted by name.
    public init(_ item: Item) {
        var json = JSONWriter()
        item.write(to: &json)
        self.init(bytes: json.bytes)
    }

    /// Wraps a part of a response.
    package init(buffer: [UInt8], range: Range<Int>) {
        self.buffer = buffer
        self.range = range
    }

    /// The text of the item.
    public var bytes: ArraySlice<UInt8> { buffer[range] }

    /// Reads the item attribute by attribute.
    ///
    /// - Parameter body: Reads exactly one object; the reader must not escape.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    @inlinable
    public func withReader<Value, Failure: Error>(
        _ body: (inout JSONReader) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
            var reader = JSONReader(UnsafeRawBufferPointer(buffer))
            return try body(&reader)
        }
    }

    /// Reads the whole item.
    ///
    /// - Returns: Every attribute by its name.
    /// - Throws: `JSONError` when the text is not an item.
    public func item() throws(JSONError) -> Item {
        try withReader { (reader) throws(JSONError) in
            let item = try Item(from: &reader)
            try reader.finish()
            return item
        }
    }

    /// Writes the item as the next value.
    ///
    /// - Parameter json: Where to write it.
    public func write(to json: inout JSONWriter) {
        json.raw(bytes)
    }
}
