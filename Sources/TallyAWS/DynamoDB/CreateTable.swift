public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// What a stream tells of each change.
    public struct StreamView: RawRepresentable, Sendable, Hashable {
        /// The view's name.
        public let rawValue: String

        /// Creates a view from its name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The key.
        public static let keysOnly = StreamView(rawValue: "KEYS_ONLY")
        /// The item as it is now.
        public static let newImage = StreamView(rawValue: "NEW_IMAGE")
        /// The item as it was before.
        public static let oldImage = StreamView(rawValue: "OLD_IMAGE")
        /// The item before and after.
        public static let newAndOldImages = StreamView(rawValue: "NEW_AND_OLD_IMAGES")
    }

    /// What ``DynamoDB/createTable(_:models:)`` makes.
    public struct CreateTableInput: Sendable {
        /// The table's name: 3 to 255 letters, digits, `_`, `-` and `.`.
        public var table: String
        /// The primary key: a partition and perhaps a sort attribute.
        public var keys: [KeyAttribute]
        /// Indexes of other partitions, up to 20.
        public var globalIndexes: [IndexDefinition] = []
        /// Indexes of another order, up to 5; later they cannot be added.
        public var localIndexes: [IndexDefinition] = []
        /// How capacity is paid for.
        public var billing = TableBilling.onDemand
        /// What the table's stream tells; `nil` for no stream.
        public var stream: StreamView?
        /// The KMS key with which the table is encrypted; `nil` for the one that DynamoDB owns.
        public var encryptionKey: String?
        /// Whether the table is protected from being removed.
        public var isDeletionProtected = false
        /// Whether the table is rarely read: cheaper storage, dearer requests.
        public var isInfrequentAccess = false
        /// Names and values to find the table by.
        public var tags: [String: String] = [:]

        /// Creates the input for a table on demand.
        ///
        /// - Parameters:
        ///   - table: The table's name.
        ///   - keys: The primary key: a partition and perhaps a sort attribute.
        public init(table: String, keys: [KeyAttribute]) {
            self.table = table
            self.keys = keys
        }
    }

    /// Begins to make a table, which can be used once ``describeTable(_:models:)`` tells it as active.
    ///
    /// An attempt whose answer was lost is made again, and may then find the table that the first has made
    /// (`ResourceInUseException`).
    ///
    /// - Parameters:
    ///   - input: The table.
    ///   - models: The models on whose behalf.
    /// - Returns: What DynamoDB tells of the table.
    /// - Throws: ``ServiceError`` when an attribute has two types, DynamoDB refuses or retries run out.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>
    @discardableResult
    public func createTable(
        _ input: CreateTableInput, models: [ModelName] = []
    ) async throws(ServiceError) -> TableDescription {
        try await describe("CreateTable", "TableDescription", table: input.table, models: models) {
            (json) throws(InvalidInput) in
            json.objects("AttributeDefinitions", try input.attributes()) { attribute, json in
                json.member("AttributeName", attribute.name)
                json.member("AttributeType", attribute.type.rawValue)
            }
            json.writeKeySchema(input.keys)
            json.objects("GlobalSecondaryIndexes", input.globalIndexes) { index, json in
                index.write(to: &json, billing: input.billing)
            }
            json.objects("LocalSecondaryIndexes", input.localIndexes) { index, json in
                index.write(to: &json, billing: nil)
            }
            json.member("BillingMode", input.billing.provisioned == nil ? "PAY_PER_REQUEST" : "PROVISIONED")
            input.billing.writeUnits(to: &json)
            if let stream = input.stream {
                json.object("StreamSpecification") { json in
                    json.member("StreamEnabled", ifTrue: true)
                    json.member("StreamViewType", stream.rawValue)
                }
            }
            if let key = input.encryptionKey {
                json.object("SSESpecification") { json in
                    json.member("Enabled", ifTrue: true)
                    json.member("SSEType", "KMS")
                    json.member("KMSMasterKeyId", key)
                }
            }
            json.member("DeletionProtectionEnabled", ifTrue: input.isDeletionProtected)
            json.member("TableClass", input.isInfrequentAccess ? "STANDARD_INFREQUENT_ACCESS" : nil)
            json.objects("Tags", input.tags.sorted { $0.key < $1.key }) { tag, json in
                json.member("Key", tag.key)
                json.member("Value", tag.value)
            }
        }
    }

    /// Makes a call that answers with a table's description.
    func describe(
        _ operation: String, _ member: StaticString, table: String, models: [ModelName],
        body: (inout JSONWriter) throws(InvalidInput) -> Void = { _ in }
    ) async throws(ServiceError) -> TableDescription {
        try await call(operation, resource: table, models: models) { (json) throws(InvalidInput) in
            json.member("TableName", table)
            try body(&json)
        } read: { (reader, _, _) throws(JSONError) in
            var description = TableDescription()
            try reader.members { (key, reader) throws(JSONError) in
                guard reader.matches(key, member) else { return false }
                description = try TableDescription(from: &reader)
                return true
            }
            return description
        }
    }
}

extension DynamoDB.CreateTableInput {
    /// The attributes of all keys, each once.
    fileprivate func attributes() throws(InvalidInput) -> [KeyAttribute] {
        var attributes: [KeyAttribute] = []
        for key in keys + (globalIndexes + localIndexes).flatMap(\.keys) {
            guard let known = attributes.first(where: { $0.name == key.name }) else {
                attributes.append(key)
                continue
            }
            guard known.type == key.type else {
                throw InvalidInput(
                    message: "the key attribute \(key.name) is \(known.type.rawValue) and \(key.type.rawValue). "
                        + "Give it one type.")
            }
        }
        return attributes
    }
}
