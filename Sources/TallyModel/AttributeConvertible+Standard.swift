public import TallyWire

extension String: KeyConvertible {
    public var attributeValue: AttributeValue? { .string(self) }

    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .string(let text) = attributeValue else { throw AttributeError(expected: "S", attributeValue) }
        self = text
    }

    @inlinable
    public func write(to writer: inout AttributeWriter) {
        writer.string(self)
    }

    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.string()
    }
}

extension Bool: AttributeComparable {
    public var attributeValue: AttributeValue? { .bool(self) }

    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .bool(let flag) = attributeValue else { throw AttributeError(expected: "BOOL", attributeValue) }
        self = flag
    }

    @inlinable
    public func write(to writer: inout AttributeWriter) {
        writer.bool(self)
    }

    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.bool()
    }
}

extension Number: KeyConvertible {
    public var attributeValue: AttributeValue? { .number(self) }

    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .number(let number) = attributeValue else { throw AttributeError(expected: "N", attributeValue) }
        self = number
    }
}

/// Bytes are stored as B, not as a list of numbers.
extension [UInt8]: StorableValue, AttributeConvertible, AttributeComparable, KeyConvertible {
    public var attributeValue: AttributeValue? { .binary(self) }

    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        guard case .binary(let bytes) = attributeValue else { throw AttributeError(expected: "B", attributeValue) }
        self = bytes
    }

    public func write(to writer: inout AttributeWriter) {
        writer.binary(self)
    }

    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.binary()
    }
}

extension Optional: AttributeConvertible where Wrapped: AttributeConvertible {
    public var attributeValue: AttributeValue? { self?.attributeValue }

    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        switch attributeValue {
        case nil, .null: self = nil
        case let value: self = try Wrapped(attributeValue: value)
        }
    }

    @inlinable
    public func write(to writer: inout AttributeWriter) {
        self?.write(to: &writer)
    }

    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self = try reader.consumeNull() ? nil : try Wrapped(from: &reader)
    }
}

extension Optional: AttributeComparable where Wrapped: AttributeComparable {}
