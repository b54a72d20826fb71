public import TallyWire

/// A Swift value with one DynamoDB representation.
///
/// Strings, integers, floating-point numbers, Booleans, bytes, sets, arrays, dictionaries with string keys and
/// optionals of these conform. A type of your own conforms by going through one of them:
///
///     enum Status: String { case draft, final }
///
///     extension Status: AttributeConvertible {
///         var attributeValue: AttributeValue? { .string(rawValue) }
///         init(attributeValue: AttributeValue?) throws(AttributeError) {
///             let text = try String(attributeValue: attributeValue)
///             guard let status = Status(rawValue: text) else {
///                 throw AttributeError(expected: "draft or final", found: "another text")
///             }
///             self = status
///         }
///     }
public protocol AttributeConvertible: StorableValue, ArrayElement {
    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    var attributeValue: AttributeValue? { get }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    init(attributeValue: AttributeValue?) throws(AttributeError)

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// The default goes through ``attributeValue``; the standard types write directly.
    ///
    /// - Parameter writer: Takes one value.
    func write(to writer: inout AttributeWriter)

    /// Reads the value.
    ///
    /// The default goes through ``init(attributeValue:)``; the standard types read directly.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    init(from reader: inout AttributeReader) throws(AttributeError)
}

extension AttributeConvertible {
    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// A value that is absent in the table but could not be read back from there, such as a `Double` that is no
    /// number, is refused.
    ///
    /// - Parameter writer: Takes one value.
    public func write(to writer: inout AttributeWriter) {
        if let attributeValue { return writer.value(attributeValue) }
        do throws(AttributeError) {
            _ = try Self(attributeValue: nil)
        } catch {
            writer.refuse(.unstorable(expected: error.expected))
        }
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        try self.init(attributeValue: try reader.value())
    }

    /// Writes a value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - writer: Takes one value.
    @inlinable
    public static func store(_ value: Self, in writer: inout AttributeWriter) {
        value.write(to: &writer)
    }

    /// Reads a value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Returns: The value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    @inlinable
    public static func load(from reader: inout AttributeReader) throws(AttributeError) -> Self {
        try Self(from: &reader)
    }

    /// Returns the value that an absent attribute stands for.
    ///
    /// - Returns: The value.
    @inlinable
    public static func loadAbsent() throws(AttributeError) -> Self {
        try Self(attributeValue: nil)
    }
}

// MARK: - Types that write and read directly

extension AttributeConvertible {
    /// What ``write(to:)`` writes, as a value; `nil` for what DynamoDB cannot hold.
    var writtenValue: AttributeValue? {
        var writer = AttributeWriter()
        write(to: &writer)
        guard writer.refusal == nil else { return nil }
        // What the writer wrote is one value, or none.
        return try? AttributeReader.read(writer.json.bytes) { (reader) throws(AttributeError) in try reader.value() }
    }

    /// Reads a value as ``init(from:)`` reads its bytes; `tag` is what must be there.
    init(written value: AttributeValue?, as tag: String) throws(AttributeError) {
        guard let value else { throw AttributeError(expected: tag, nil) }
        var json = JSONWriter()
        value.write(to: &json)
        self = try AttributeReader.read(json.bytes) { (reader) throws(AttributeError) in try Self(from: &reader) }
    }
}

/// A value that DynamoDB can compare in a condition.
public protocol AttributeComparable: AttributeConvertible {}

/// A value that can be a key: a string, a number or bytes.
public protocol KeyConvertible: AttributeComparable {}
