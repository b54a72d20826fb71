import TallyWire

/// A value that leaves the process encrypted and never prints itself.
///
///     var ssn: Secret<String>
///     …
///     document.ssn = "078-05-1120"
///     document.ssn.reveal()
///
/// A field holds it through ``Field/encrypted(_:_:key:)``. It cannot be a plain attribute, a key or part of a
/// condition, and its description is `Secret(redacted)` wherever it is interpolated, dumped or mirrored.
public struct Secret<Value: AttributeConvertible>: Sendable {
    private let value: Value

    /// Wraps a value.
    ///
    /// - Parameter value: What to keep secret.
    public init(_ value: Value) {
        self.value = value
    }

    /// Returns the value in the clear.
    ///
    /// - Returns: The value.
    public func reveal() -> Value {
        value
    }
}

extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `Secret(redacted)`.
    public var description: String { "Secret(redacted)" }
    /// `Secret(redacted)`.
    public var debugDescription: String { description }
    /// A mirror without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: ExpressibleByUnicodeScalarLiteral, ExpressibleByExtendedGraphemeClusterLiteral,
    ExpressibleByStringLiteral
where Value == String {
    /// Wraps a literal, for tests.
    ///
    /// - Parameter value: The text.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension Secret: StorableValue {
    /// Writes a value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - writer: Takes one value.
    public static func store(_ value: Self, in writer: inout AttributeWriter) {
        guard let sealer = writer.sealer, let attribute = writer.attribute?.name else {
            fatalError("Secret: no key to encrypt with; a secret is stored only through Field.encrypted")
        }
        var plaintext = AttributeWriter(capacity: 64)
        value.value.write(to: &plaintext)
        if let refusal = plaintext.refusal { return writer.refuse(refusal) }
        // A wrapped value that stands for an absent attribute leaves none, encrypted or not.
        guard !plaintext.json.bytes.isEmpty else { return }
        writer.binary(sealer.seal(plaintext.json.bytes, as: attribute))
    }

    /// Reads a value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Returns: The value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public static func load(from reader: inout AttributeReader) throws(AttributeError) -> Self {
        guard let opener = reader.opener else {
            fatalError("Secret: no key to decrypt with; a secret is read only through Field.encrypted")
        }
        let plaintext = try opener.open(try reader.binary(), of: reader.attribute?.name ?? "")
        return Self(try AttributeReader.read(plaintext) { (reader) throws(AttributeError) in try Value(from: &reader) })
    }

    /// Returns the value that an absent attribute stands for.
    ///
    /// - Returns: The value.
    /// - Throws: ``AttributeError`` when the attribute must be there.
    public static func loadAbsent() throws(AttributeError) -> Self {
        Self(try Value(attributeValue: nil))
    }
}
