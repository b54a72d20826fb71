import TallyWire

/// A secondary index that a table is to have.
public struct IndexDefinition: Sendable, Hashable {
    /// Which attributes an index holds.
    public struct Projection: Sendable, Hashable {
        let type: String
        let attributes: [String]

        /// All attributes of the items.
        public static let all = Projection(type: "ALL", attributes: [])
        /// The keys of table and index only.
        public static let keysOnly = Projection(type: "KEYS_ONLY", attributes: [])

        /// The keys and some other attributes.
        ///
        /// - Parameter attributes: The other attributes' names.
        /// - Returns: The projection.
        public static func including(_ attributes: [String]) -> Projection {
            Projection(type: "INCLUDE", attributes: attributes)
        }
    }

    /// The index's name.
    public var name: String
    /// The index's key: up to four partition and four sort attributes (a local index: the table's partition key, and
    /// one sort attribute).
    public var keys: [KeyAttribute]
    /// Which attributes it holds.
    public var projection: Projection
    /// How a global index's capacity is paid for; `nil` for as the table's.
    public var billing: TableBilling?

    /// Creates a definition.
    ///
    /// - Parameters:
    ///   - name: The index's name.
    ///   - keys: The index's key.
    ///   - projection: Which attributes it holds.
    ///   - billing: How a global index's capacity is paid for; `nil` for as the table's.
    public init(_ name: String, keys: [KeyAttribute], projection: Projection = .all, billing: TableBilling? = nil) {
        self.name = name
        self.keys = keys
        self.projection = projection
        self.billing = billing
    }

    func write(to json: inout JSONWriter, billing tableBilling: TableBilling?) {
        json.member("IndexName", name)
        json.writeKeySchema(keys)
        json.object("Projection") { json in
            json.member("ProjectionType", projection.type)
            guard !projection.attributes.isEmpty else { return }
            json.key("NonKeyAttributes")
            json.beginArray()
            for attribute in projection.attributes { json.string(attribute) }
            json.endArray()
        }
        if let tableBilling { (billing ?? tableBilling).writeUnits(to: &json) }
    }
}

extension TableBilling {
    /// Writes the units, but not the mode, which only tables have.
    func writeUnits(to json: inout JSONWriter) {
        if let provisioned {
            json.object("ProvisionedThroughput") { json in
                json.member("ReadCapacityUnits", provisioned.read)
                json.member("WriteCapacityUnits", provisioned.write)
            }
        } else if let maximum {
            json.object("OnDemandThroughput") { json in
                json.member("MaxReadRequestUnits", maximum.read)
                json.member("MaxWriteRequestUnits", maximum.write)
            }
        }
    }
}
