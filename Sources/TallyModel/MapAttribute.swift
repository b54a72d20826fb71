public import TallyWire

/// A struct that is stored as M, a map, inside an item.
///
///     struct Address: MapAttribute {
///         var street: String
///         var city: String
///         var geo: [Double]?
///
///         static let map = MapSchema(
///             Address.init,
///             .member("street", \.street),
///             .member("city", \.city),
///             .member("geo", \.geo)
///         )
///     }
///
/// It may then be an attribute of a model, an element of an array, or a member of another map:
///
///     .attribute("address", \.address)
///
/// DynamoDB nests 32 levels deep at most. Members of the stored map that the schema does not name are ignored when it
/// is read, and gone when it is written.
public protocol MapAttribute: AttributeConvertible {
    /// The map's members; a stored property, so that it is made once.
    static var map: MapSchema<Self> { get }
}

extension MapAttribute {
    /// The value as DynamoDB stores it.
    public var attributeValue: AttributeValue? { writtenValue }

    /// Creates the value from what DynamoDB stores.
    ///
    /// - Parameter attributeValue: What is stored; `nil` when the item lacks the attribute.
    /// - Throws: ``AttributeError`` when what is stored is not such a map.
    public init(attributeValue: AttributeValue?) throws(AttributeError) {
        self = try Self(written: attributeValue, as: "M")
    }

    /// Writes the map.
    ///
    /// - Parameter writer: Takes one value.
    public func write(to writer: inout AttributeWriter) {
        writer.begin(.map)
        writer.json.beginObject()
        Self.map.encode(self, &writer)
        writer.json.endObject()
        writer.json.endObject()
    }

    /// Reads the map.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Throws: ``AttributeError`` that names the member which is not what the schema says.
    public init(from reader: inout AttributeReader) throws(AttributeError) {
        try reader.enter(.map)
        var members: ItemReader
        do throws(JSONError) {
            members = try ItemReader(reader.json)
        } catch {
            throw AttributeError(error)
        }
        self = try Self.map.decode(&members)
        try members.finish()
        reader.json = members.values.json
        try reader.leave()
    }
}
