public import TallyWire

extension String: KeyConvertible {
    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    public var attributeValue: AttributeValue? { .string(self) }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .string(let text) = attributeValue else { throw AttributeError(expected: "S", attributeValue) }
        self = text
    }

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameter writer: Takes one value.
    @inlinable
    public func write(to writer: inout AttributeWriter) {
        writer.string(self)
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.string()
    }
}

extension Bool: AttributeComparable {
    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    public var attributeValue: AttributeValue? { .bool(self) }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .bool(let flag) = attributeValue else { throw AttributeError(expected: "BOOL", attributeValue) }
        self = flag
    }

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameter writer: Takes one value.
    @inlinable
    public func write(to writer: inout AttributeWriter) {
        writer.bool(self)
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.bool()
    }
}

extension Number: KeyConvertible {
    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    public var attributeValue: AttributeValue? { .number(self) }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .number(let number) = attributeValue else { throw AttributeError(expected: "N", attributeValue) }
        self = number
    }
}

extension Optional: ArrayElement, AttributeConvertible where Wrapped: AttributeConvertible {
    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    public var attributeValue: AttributeValue? { self?.attributeValue }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        switch attributeValue {
        case nil, .null: self = nil
        case let value: self = try Wrapped(attributeValue: value)
        }
    }

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameter writer: Takes one value.
    @inlinable
    public func write(to writer: inout AttributeWriter) {
        self?.write(to: &writer)
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.consumeNull() ? nil : try Wrapped(from: &reader)
    }
}

extension Optional: AttributeComparable where Wrapped: AttributeComparable {}
