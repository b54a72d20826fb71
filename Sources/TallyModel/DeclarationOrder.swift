/// Checks that a schema lists stored properties, each under a name of its own, in the order of their declaration.
///
/// Encoding goes by key path and decoding by position, so that two properties of one type listed the other way round
/// would swap their values. Stored properties lie in memory in the order of their declaration, which is also the order
/// of the memberwise initializer. What is wrong ends the process with the fix in the message.
@usableFromInline
struct DeclarationOrder<Root> {
    private let property: String
    private var names: Set<String> = []
    private var lastOffset = -1

    /// - Parameter property: The static property that holds the schema.
    @usableFromInline
    init(of property: String) {
        self.property = property
    }

    @usableFromInline
    mutating func add(_ name: String, _ path: PartialKeyPath<Root>) {
        guard let offset = MemoryLayout<Root>.offset(of: path) else {
            refuse("'\(name)' is not a stored property; a field goes to a property of the struct itself")
        }
        guard offset > lastOffset else {
            refuse("'\(name)' is out of order; list the fields in the order in which the struct declares them")
        }
        lastOffset = offset
        if !names.insert(name).inserted {
            refuse("two fields are stored as '\(name)'; give each attribute a name of its own")
        }
    }

    func refuse(_ message: String) -> Never {
        // Not `precondition`, whose message is not printed under -O.
        fatalError("\(Root.self).\(property): \(message)")
    }
}
