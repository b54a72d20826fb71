public import TallyWire

/// What an array attribute consists of.
///
/// Arrays are stored as L, a list, but for those of `UInt8`, which are B, bytes. Every ``AttributeConvertible`` is an
/// element by itself; no type needs to conform to this protocol alone.
public protocol ArrayElement: Sendable {
    /// Writes an array of this type.
    ///
    /// - Parameters:
    ///   - elements: The array.
    ///   - writer: Takes one value.
    static func store(elements: [Self], in writer: inout AttributeWriter)

    /// Reads an array of this type.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Returns: The array.
    /// - Throws: ``AttributeError`` when what is stored is not such an array.
    static func loadElements(from reader: inout AttributeReader) throws(AttributeError) -> [Self]
}

extension ArrayElement where Self: AttributeConvertible {
    /// Writes the array as L; an element that stands for an absent attribute becomes NULL.
    ///
    /// - Parameters:
    ///   - elements: The array.
    ///   - writer: Takes one value.
    @inlinable
    public static func store(elements: [Self], in writer: inout AttributeWriter) {
        writer.list(elements) { $0.write(to: &$1) }
    }

    /// Reads the array from L.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Returns: The array.
    /// - Throws: ``AttributeError`` when what is stored is not such a list.
    @inlinable
    public static func loadElements(from reader: inout AttributeReader) throws(AttributeError) -> [Self] {
        try reader.list { (reader) throws(AttributeError) in try Self(from: &reader) }
    }
}

extension UInt8: ArrayElement {
    /// Writes the bytes as B.
    ///
    /// - Parameters:
    ///   - elements: The bytes.
    ///   - writer: Takes one value.
    public static func store(elements: [UInt8], in writer: inout AttributeWriter) {
        writer.binary(elements)
    }

    /// Reads the bytes from B.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Returns: The bytes.
    /// - Throws: ``AttributeError`` when what is stored are not bytes.
    public static func loadElements(from reader: inout AttributeReader) throws(AttributeError) -> [UInt8] {
        try reader.binary()
    }
}

extension Array: StorableValue, ArrayElement, AttributeConvertible where Element: ArrayElement {
    /// The value as DynamoDB stores it: B for bytes, L for everything else.
    public var attributeValue: AttributeValue? { writtenValue }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        self = try Self(written: attributeValue, as: "L")
    }

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameter writer: Takes one value.
    @inlinable
    public func write(to writer: inout AttributeWriter) {
        Element.store(elements: self, in: &writer)
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try Element.loadElements(from: &reader)
    }
}

extension Array: AttributeComparable, KeyConvertible where Element == UInt8 {}
