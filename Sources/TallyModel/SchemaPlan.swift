import TallyWire

/// One attribute of a schema.
struct SchemaAttribute: Sendable {
    let name: String
    let role: Role
    let path: any AnyKeyPath & Sendable
}

/// A key attribute of a schema.
struct KeyField<Root: Sendable>: Sendable {
    let attribute: JSONKey
    var name: String { attribute.name }
    let value: @Sendable (Root) -> AttributeValue?
}

/// Gathers a schema's fields and checks the declaration; what is wrong ends the process with the fix in the message.
@usableFromInline
struct SchemaPlan<Root: Sendable> {
    private(set) var attributes: [SchemaAttribute] = []
    private(set) var secrets: [SecretField<Root>] = []
    private(set) var files: [FileField<Root>] = []
    private(set) var version: VersionField<Root>?
    private(set) var sortKey: KeyField<Root>?
    private var partitionKey: KeyField<Root>?
    @usableFromInline private(set) var members = StoredMembers<Root>(of: "schema")

    @usableFromInline
    init() {}

    @usableFromInline
    mutating func add<Value>(_ field: Field<Root, Value>) {
        members.add(field.key, field.path)
        attributes.append(SchemaAttribute(name: field.name, role: field.role, path: field.path))
        addKey(field)
        if let secret = field.secret { secrets.append(secret) }
        if let file = field.file { files.append(file) }
        if let version = field.version {
            if self.version != nil { members.refuse("'\(field.name)' is a second version; a model has one") }
            self.version = version
        }
    }

    func checkedPartitionKey() -> KeyField<Root> {
        guard let partitionKey else { members.refuse("no field is the partition key; mark one with .partitionKey") }
        return partitionKey
    }

    private mutating func addKey<Value>(_ field: Field<Root, Value>) {
        guard field.role == .partitionKey || field.role == .sortKey, Value.self is any KeyConvertible.Type else {
            return
        }
        let path = field.path
        let key = KeyField<Root>(attribute: field.key) { model in
            (model[keyPath: path] as? any KeyConvertible)?.attributeValue
        }
        if field.role == .partitionKey {
            if partitionKey != nil { members.refuse("'\(field.name)' is a second partition key; a table has one") }
            partitionKey = key
        } else {
            if sortKey != nil { members.refuse("'\(field.name)' is a second sort key; a table has one") }
            sortKey = key
        }
    }
}
