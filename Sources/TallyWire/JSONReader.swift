/// Reads one JSON text value by value, without building a tree: a strict RFC 8259 pull parser.
///
///     let title = try JSONReader.read(bytes) { reader throws(JSONError) in
///         var title: String?
///         try reader.beginObject()
///         while let key = try reader.nextKey() {
///             if reader.matches(key, "title") { title = try reader.string() } else { try reader.skipValue() }
///         }
///         try reader.finish()
///         return title
///     }
///
/// After ``beginObject()``, each ``nextKey()`` must be followed by exactly one value until it returns `nil`; after
/// ``beginArray()``, each ``nextElement()`` that returns `true` likewise. Everything passed over is validated, skipped
/// values included. After an error the reader's position is unspecified.
///
/// SAFETY: the reader borrows the bytes. It must not outlive the `withUnsafeBytes` that lent them; ``read(_:_:)``
/// takes care of that. Whatever the bytes are, no read leaves them.
public struct JSONReader {
    /// The kinds of value JSON knows.
    public enum Kind: Sendable, Hashable {
        /// `{…}`
        case object
        /// `[…]`
        case array
        /// `"…"`
        case string
        /// `-1.5e3`
        case number
        /// `true` or `false`
        case bool
        /// `null`
        case null
    }

    /// How deeply containers may nest at most; a DynamoDB item nested 32 levels deep takes 70 in a response.
    public static let depthLimit = UInt128.bitWidth

    @usableFromInline let bytes: UnsafeRawBufferPointer
    @usableFromInline var position = 0
    /// Whether the container entered last has had no member or element yet.
    @usableFromInline var isAtFirst = false
    var depth = 0
    let maximumDepth: Int
    /// Where the string begins that was passed over last, and where it has its first escape.
    var lastString: (start: Int, escape: Int?) = (-1, nil)

    /// Creates a reader at the beginning of a text.
    ///
    /// - Parameters:
    ///   - bytes: The text. It must stay alive and unchanged as long as the reader is used.
    ///   - maximumDepth: How deeply containers may nest; ``depthLimit`` at most.
    public init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int = JSONReader.depthLimit) {
        self.bytes = bytes
        self.maximumDepth = min(maximumDepth, Self.depthLimit)
    }

    /// Reads a text that is at hand as an array.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - body: Reads it; the reader must not escape. Call ``finish()`` where nothing may follow the value.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    @inlinable
    public static func read<Value, Failure: Error>(
        _ bytes: [UInt8], _ body: (inout JSONReader) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
            var reader = JSONReader(UnsafeRawBufferPointer(buffer))
            return try body(&reader)
        }
    }

    /// The offset of the next byte to be read.
    ///
    /// Set it to seek to the beginning of a value that was passed over, and
    /// back: after a seek the reader stands as if between a value and the comma or bracket behind it.
    @inlinable public var offset: Int {
        get { position }
        set {
            guard newValue >= 0, newValue <= bytes.count else {
                fatalError("JSONReader.offset: \(newValue) is outside 0...\(bytes.count)")
            }
            position = newValue
            isAtFirst = false
        }
    }

    // MARK: - Structure

    /// Returns the kind of the value that comes next, judged by its first byte.
    ///
    /// - Returns: The kind.
    /// - Throws: ``JSONError`` when no value begins here.
    public mutating func peekKind() throws(JSONError) -> Kind {
        guard let byte = peek() else { throw unexpected("a value") }
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: throw unexpected("a value")
        }
    }

    /// Enters an object.
    ///
    /// - Throws: ``JSONError`` when the next value is not an object, or nested too deeply.
    public mutating func beginObject() throws(JSONError) {
        guard consume(UInt8(ascii: "{")) else { throw unexpected("an object") }
        try descend()
    }

    /// Enters an array.
    ///
    /// - Throws: ``JSONError`` when the next value is not an array, or nested too deeply.
    public mutating func beginArray() throws(JSONError) {
        guard consume(UInt8(ascii: "[")) else { throw unexpected("an array") }
        try descend()
    }

    /// Reads the next member's name up to its colon, or leaves the object.
    ///
    /// - Returns: Where the name stands between its quotation marks, to be given to ``matches(_:_:)`` or
    ///   ``text(in:)``; `nil` when the object has ended.
    /// - Throws: ``JSONError`` when the object is malformed here.
    public mutating func nextKey() throws(JSONError) -> Range<Int>? {
        if consume(UInt8(ascii: "}")) {
            ascend()
            return nil
        }
        if !isAtFirst, !consume(UInt8(ascii: ",")) { throw unexpected("',' or '}'") }
        isAtFirst = false
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key") }
        let name = try scanString()
        guard consume(UInt8(ascii: ":")) else { throw unexpected("':'") }
        return name
    }

    /// Reads the next member's name, or leaves the object.
    ///
    /// - Returns: The name; `nil` when the object has ended.
    /// - Throws: ``JSONError`` when the object is malformed here.
    public mutating func nextMember() throws(JSONError) -> String? {
        guard let key = try nextKey() else { return nil }
        return text(in: key)
    }

    /// Moves to the next element, or leaves the array.
    ///
    /// - Returns: Whether there is an element, which must then be read.
    /// - Throws: ``JSONError`` when the array is malformed here.
    public mutating func nextElement() throws(JSONError) -> Bool {
        if consume(UInt8(ascii: "]")) {
            ascend()
            return false
        }
        if !isAtFirst, !consume(UInt8(ascii: ",")) { throw unexpected("',' or ']'") }
        isAtFirst = false
        return true
    }

    /// Ends the reading.
    ///
    /// - Throws: ``JSONError`` when anything but white space follows.
    public mutating func finish() throws(JSONError) {
        if peek() != nil { throw unexpected("the end") }
    }

    private mutating func descend() throws(JSONError) {
        isAtFirst = true
        depth += 1
        if depth > maximumDepth { throw tooDeep(at: position - 1) }
    }

    private mutating func ascend() {
        isAtFirst = false
        depth -= 1
    }

    // MARK: - Literals

    /// Reads `true` or `false`.
    ///
    /// - Returns: The value.
    /// - Throws: ``JSONError`` when the next value is not a Boolean.
    public mutating func bool() throws(JSONError) -> Bool {
        if consume(literal: "true") { return true }
        if consume(literal: "false") { return false }
        throw unexpected("true or false")
    }

    /// Reads `null`.
    ///
    /// - Throws: ``JSONError`` when the next value is not null.
    public mutating func null() throws(JSONError) {
        if !consume(literal: "null") { throw unexpected("null") }
    }

    private mutating func consume(literal: StaticString) -> Bool {
        guard peek() == literal.utf8Start.pointee, hasLiteral(literal, at: position) else { return false }
        position += literal.utf8CodeUnitCount
        return true
    }
}
