/// A value that a ``Field`` can carry: an ``AttributeConvertible``, a ``Secret`` or a ``StoredFile``.
///
/// Conform to ``AttributeConvertible``, not to this protocol: it exists so that a secret can be stored without being a
/// value that conditions, logs or plain attributes accept.
public protocol StorableValue: Sendable {
    /// Writes a value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - writer: Takes one value.
    static func store(_ value: Self, in writer: inout AttributeWriter)

    /// Reads a value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Returns: The value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    static func load(from reader: inout AttributeReader) throws(AttributeError) -> Self

    /// Returns the value that an absent attribute stands for.
    ///
    /// - Returns: The value, such as `nil` or an empty set.
    /// - Throws: ``AttributeError`` when the attribute must be there.
    static func loadAbsent() throws(AttributeError) -> Self
}

extension Optional: StorableValue where Wrapped: StorableValue {
    /// Writes a value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - writer: Takes one value.
    @inlinable
    public static func store(_ value: Self, in writer: inout AttributeWriter) {
        if let value { Wrapped.store(value, in: &writer) }
    }

    /// Reads a value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Returns: The value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    @inlinable
    public static func load(from reader: inout AttributeReader) throws(AttributeError) -> Self {
        if try reader.consumeNull() { return nil }
        return try Wrapped.load(from: &reader)
    }

    /// Returns the value that an absent attribute stands for.
    ///
    /// - Returns: The value.
    @inlinable
    public static func loadAbsent() -> Self { nil }
}
