public import TallyWire

/// The properties that a schema lists: the name that each is stored under, and where in the struct it lies.
///
/// Writing goes by place and reading by position, so that two properties of one type listed the other way round would
/// swap their values. Stored properties lie in memory in the order of their declaration, which is also the order of the
/// memberwise initializer. What is wrong ends the process with the fix in the message.
@usableFromInline
struct StoredMembers<Root>: Sendable {
    private(set) var keys: [JSONKey] = []
    // The same, without the count of each use, which showed in profiles. Unmanaged is not Sendable although what
    // it refers to is. SAFETY: `keys` keeps them alive.
    private nonisolated(unsafe) var references: [Unmanaged<JSONKey>] = []
    private var offsets: [Int] = []
    private let property: String

    /// - Parameter property: The static property that holds the schema.
    @usableFromInline
    init(of property: String) {
        self.property = property
    }

    @usableFromInline
    mutating func add(_ key: JSONKey, _ path: PartialKeyPath<Root>) {
        guard let offset = MemoryLayout<Root>.offset(of: path) else {
            refuse("'\(key.name)' is not a stored property; a field goes to a property of the struct itself")
        }
        guard offset > offsets.last ?? -1 else {
            refuse("'\(key.name)' is out of order; list the fields in the order in which the struct declares them")
        }
        if keys.contains(where: { $0.name == key.name }) {
            refuse("two fields are stored as '\(key.name)'; give each attribute a name of its own")
        }
        keys.append(key)
        references.append(.passUnretained(key))
        offsets.append(offset)
    }

    /// Writes one property of the value at `base`, and names it where it cannot be stored.
    ///
    /// SAFETY: the offset is the one that the compiler gives for a stored property, whose type is `Value`: the key path
    /// that `add` took says so. `base` must point to a `Root`.
    @inlinable
    func store<Value: StorableValue>(
        _ index: Int, _ type: Value.Type, at base: UnsafePointer<Root>, in writer: inout AttributeWriter
    ) {
        let mark = beginMember(index, in: &writer)
        let place = UnsafeRawPointer(base).advanced(by: offset(index)).assumingMemoryBound(to: Value.self)
        Value.store(place.pointee, in: &writer)
        writer.endMember(mark)
    }

    /// Reads one property and goes on to the next; after an error, `index` is that of the property.
    @inlinable
    func next<Value: StorableValue>(
        _ type: Value.Type, _ index: inout Int, from reader: inout ItemReader
    ) throws(AttributeError) -> Value {
        let value = try seek(index, in: &reader) ? try Value.load(from: &reader.values) : try Value.loadAbsent()
        index += 1
        return value
    }

    @usableFromInline
    func beginMember(_ index: Int, in writer: inout AttributeWriter) -> AttributeWriter.MemberMark {
        references[index]._withUnsafeGuaranteedRef { writer.beginMember($0) }
    }

    @usableFromInline
    func seek(_ index: Int, in reader: inout ItemReader) throws(AttributeError) -> Bool {
        try reader.seek(references[index]._withUnsafeGuaranteedRef { $0 })
    }

    @usableFromInline
    func offset(_ index: Int) -> Int { offsets[index] }

    func refuse(_ message: String) -> Never {
        // Not `precondition`, whose message is not printed under -O.
        fatalError("\(Root.self).\(property): \(message)")
    }
}
