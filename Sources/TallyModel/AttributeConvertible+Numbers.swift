public import TallyWire

extension AttributeConvertible where Self: FixedWidthInteger {
    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    public var attributeValue: AttributeValue? {
        // Every 64-bit integer has at most 20 of DynamoDB's 38 digits.
        Number(String(self)).map { .number($0) }
    }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .number(let number) = attributeValue else { throw AttributeError(expected: "N", attributeValue) }
        try self.init(decimal: number.text)
    }

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameter writer: Takes one value.
    @inlinable
    public func write(to writer: inout AttributeWriter) {
        writer.integer(self)
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        try self.init(decimal: try reader.numberText())
    }

    @usableFromInline
    init(decimal text: String) throws(AttributeError) {
        if let value = Self(text) {
            self = value
        } else if let value = Number(text)?.int.flatMap({ Self(exactly: $0) }) {
            // Another writer may have stored 1E+2 or 3.0.
            self = value
        } else {
            throw AttributeError(expected: "N within \(Self.self)", found: "N outside it")
        }
    }
}

extension Int: KeyConvertible {}
extension Int32: KeyConvertible {}
extension Int64: KeyConvertible {}
extension UInt32: KeyConvertible {}

extension Double: KeyConvertible {
    /// The shortest decimal that reads back as the same number; absent when it is not finite, which
    /// DynamoDB cannot store.
    public var attributeValue: AttributeValue? { Number(exactly: self).map { .number($0) } }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .number(let number) = attributeValue else { throw AttributeError(expected: "N", attributeValue) }
        self = number.double
    }

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameter writer: Takes one value.
    public func write(to writer: inout AttributeWriter) {
        if let whole = Int(exactly: self), whole.magnitude < 1 << 53 { return writer.integer(whole) }
        let text = description
        // Without an exponent, which only those have that may be beyond DynamoDB's limits.
        if isFinite, !text.utf8.contains(UInt8(ascii: "e")) { return writer.number(text: text) }
        guard let number = Number(exactly: self) else {
            return writer.refuse(.unstorable(expected: "N"))
        }
        writer.number(text: number.text)
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        let text = try reader.numberText()
        // Of fewer than 20 digits, points and signs, whatever Swift reads is within DynamoDB's limits.
        let isPlain = text.utf8.count < 20 && text.utf8.allSatisfy { $0 &- 48 < 10 || $0 &- 45 < 2 }
        guard let value = isPlain ? Double(text) : Number(text)?.double else {
            throw AttributeError(expected: "N", found: "N that is none")
        }
        self = value
    }
}
