/// Writes one JSON text straight into bytes, in the order of its calls.
///
/// Commas are placed by the writer; nesting is the caller's: each `begin…` needs its `end…`, each `key` one value.
///
///     var json = JSONWriter()
///     json.beginObject()
///     json.key("TableName")
///     json.string("documents")
///     json.endObject()
///     // {"TableName":"documents"}
public struct JSONWriter: Sendable {
    /// The text so far, as UTF-8.
    public private(set) var bytes: [UInt8] = []
    @usableFromInline var needsComma = false

    /// Creates an empty text.
    ///
    /// - Parameter capacity: Bytes to reserve.
    public init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }
}
