public import TallyWire

/// Seconds since 1970-01-01T00:00:00Z, the form that DynamoDB's time to live expects.
///
/// A type of its own, so that milliseconds cannot be stored where items would then never expire.
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html>
public struct EpochSeconds: KeyConvertible, Hashable, Comparable, Codable {
    /// Seconds since the epoch.
    public var seconds: Int

    /// Creates an instant.
    ///
    /// - Parameter seconds: Seconds since the epoch.
    public init(_ seconds: Int) {
        self.seconds = seconds
    }

    /// Decodes the number of seconds.
    ///
    /// - Parameter decoder: Holds a single number.
    /// - Throws: `DecodingError` when it does not.
    public init(from decoder: any Decoder) throws {
        seconds = try decoder.singleValueContainer().decode(Int.self)
    }

    /// Encodes the number of seconds.
    ///
    /// - Parameter encoder: Takes a single number.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }

    /// Returns the instant some time from now.
    ///
    /// - Parameter duration: How far ahead; negative for the past.
    /// - Returns: That instant in whole seconds.
    public static func now(plus duration: Duration = .zero) -> EpochSeconds {
        EpochSeconds(Int(Timestamp.now().milliseconds / 1000 + duration.components.seconds))
    }

    /// Whether one instant is before another.
    ///
    /// - Parameters:
    ///   - left: An instant.
    ///   - right: Another.
    /// - Returns: Whether `left` is before `right`.
    public static func < (left: EpochSeconds, right: EpochSeconds) -> Bool {
        left.seconds < right.seconds
    }

    /// The value as DynamoDB stores it; `nil` stands for an absent attribute.
    public var attributeValue: AttributeValue? { seconds.attributeValue }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        self.init(try Int(attributeValue: attributeValue))
    }

    /// Writes the value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameter writer: Takes one value.
    @inlinable
    public func write(to writer: inout AttributeWriter) {
        writer.integer(seconds)
    }

    /// Reads the value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    @inlinable
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        self.init(try Int(from: &reader))
    }
}
