/// Writes one JSON text straight into bytes, in the order of its calls.
///
/// Commas are placed by the writer; nesting is the caller's: each `begin…` needs its `end…`, each `key` one value.
///
///     var json = JSONWriter()
///     json.beginObject()
///     json.key("TableName")
///     json.string("documents")
///     json.key("Limit")
///     json.integer(25)
///     json.endObject()
///     // {"TableName":"documents","Limit":25}
public struct JSONWriter: Sendable {
    @usableFromInline var storage: [UInt8] = []
    @usableFromInline var needsComma = false

    /// The text so far, as UTF-8.
    @inlinable public var bytes: [UInt8] { storage }

    /// How many bytes the text has so far.
    @inlinable public var count: Int { storage.count }

    /// Creates an empty text.
    ///
    /// - Parameter capacity: Bytes to reserve.
    public init(capacity: Int = 256) {
        storage.reserveCapacity(capacity)
    }

    /// Empties the text for another one, keeping its memory.
    public mutating func reset() {
        storage.removeAll(keepingCapacity: true)
        needsComma = false
    }

    // MARK: - Structure

    /// Begins an object; follow with keys and values, then ``endObject()``.
    @inlinable
    public mutating func beginObject() {
        begin(UInt8(ascii: "{"))
    }

    /// Ends the object begun last.
    @inlinable
    public mutating func endObject() {
        end(UInt8(ascii: "}"))
    }

    /// Begins an array; follow with values, then ``endArray()``.
    @inlinable
    public mutating func beginArray() {
        begin(UInt8(ascii: "["))
    }

    /// Ends the array begun last.
    @inlinable
    public mutating func endArray() {
        end(UInt8(ascii: "]"))
    }

    /// Writes a member's name; its value must follow.
    ///
    /// - Parameter name: The name, in any characters.
    @inlinable
    public mutating func key(_ name: String) {
        string(name)
        storage.append(UInt8(ascii: ":"))
        needsComma = false
    }

    @inlinable
    mutating func begin(_ bracket: UInt8) {
        separate()
        storage.append(bracket)
        needsComma = false
    }

    @inlinable
    mutating func end(_ bracket: UInt8) {
        storage.append(bracket)
        needsComma = true
    }

    /// Puts the comma before every value but the first of its container.
    @inlinable
    mutating func separate() {
        if needsComma { storage.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    // MARK: - Other values

    /// Writes `true` or `false`.
    ///
    /// - Parameter value: The value.
    @inlinable
    public mutating func bool(_ value: Bool) {
        raw(value ? "true".utf8 : "false".utf8)
    }

    /// Writes `null`.
    @inlinable
    public mutating func null() {
        raw("null".utf8)
    }

    /// Writes a line feed behind the text, so that it is a line of a log; another text may follow.
    public mutating func endLine() {
        storage.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Writes a value that already is JSON, verbatim.
    ///
    /// - Parameter json: One valid JSON value as UTF-8; nothing is checked.
    @inlinable
    public mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        storage.append(contentsOf: json)
    }
}
