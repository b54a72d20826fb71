import TallyWire

/// One attribute of a schema.
struct SchemaAttribute: Sendable {
    let name: String
    let role: Role
    let path: any AnyKeyPath & Sendable
}

/// A key attribute of a schema.
struct KeyField<Root: Sendable>: Sendable {
    let name: String
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
    private var lastOffset = -1

    @usableFromInline
    init() {}

    @usableFromInline
    mutating func add<Value>(_ field: Field<Root, Value>) {
        checkPlace(of: field)
        if attributes.contains(where: { $0.name == field.name }) {
            refuse("two fields are stored as '\(field.name)'; give each attribute a name of its own")
        }
        attributes.append(SchemaAttribute(name: field.name, role: field.role, path: field.path))
        addKey(field)
        if let secret = field.secret { secrets.append(secret) }
        if let file = field.file { files.append(file) }
        if let version = field.version {
            if self.version != nil { refuse("'\(field.name)' is a second version; a model has one") }
            self.version = version
        }
    }

    func checkedPartitionKey() -> KeyField<Root> {
        guard let partitionKey else { refuse("no field is the partition key; mark one with .partitionKey") }
        return partitionKey
    }

    // Encoding goes by key path and decoding by position, so that two fields of one type listed the other way round
    // would swap their values. Stored properties lie in memory in the order of their declaration, which is also the
    // order of the memberwise initializer.
    private mutating func checkPlace<Value>(of field: Field<Root, Value>) {
        guard let offset = MemoryLayout<Root>.offset(of: field.path) else {
            refuse("'\(field.name)' is not a stored property; a field goes to a property of the struct itself")
        }
        guard offset > lastOffset else {
            refuse("'\(field.name)' is out of order; list the fields in the order in which the struct declares them")
        }
        lastOffset = offset
    }

    private mutating func addKey<Value>(_ field: Field<Root, Value>) {
        guard field.role == .partitionKey || field.role == .sortKey, Value.self is any KeyConvertible.Type else {
            return
        }
        let path = field.path
        let key = KeyField<Root>(name: field.name) { model in
            (model[keyPath: path] as? any KeyConvertible)?.attributeValue
        }
        if field.role == .partitionKey {
            if partitionKey != nil { refuse("'\(field.name)' is a second partition key; a table has one") }
            partitionKey = key
        } else {
            if sortKey != nil { refuse("'\(field.name)' is a second sort key; a table has one") }
            sortKey = key
        }
    }

    private func refuse(_ message: String) -> Never {
        // Not `precondition`, whose message is not printed under -O.
        fatalError("\(Root.self).schema: \(message)")
    }
}
