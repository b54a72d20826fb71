import TallyMetrics
import TallyWire

/// How a model becomes an item and an item a model: the model's initializer plus, for each argument, the attribute
/// that it comes from and the property that it goes to.
///
///     static let schema = Schema(
///         table: "documents",
///         Document.init,
///         .partitionKey("pk", \.pk),
///         .sortKey("sk", \.sk),
///         .attribute("title", \.title),
///         .version("version", \.version)
///     )
///
/// A field that is forgotten, of the wrong type or in a role that its type cannot have does not compile. Fields are
/// listed in the order in which the struct declares its properties: that two of the same type were swapped is found
/// when the schema is first touched, and ends the process with a message that says which. The initializer must take
/// the properties in that order, as a memberwise one does; put further initializers into an extension. Beyond some 30
/// fields the compiler's messages get poor: nest a map.
public struct Schema<Root: Sendable>: Sendable {
    /// The table that the items lie in.
    public let table: ResourceName

    /// The name under which the model's calls are accounted for.
    let modelName = ModelName(rawValue: "\(Root.self)")
    let attributes: [SchemaAttribute]
    let secrets: [SecretField<Root>]
    let files: [FileField<Root>]
    let version: VersionField<Root>?
    let partitionKey: KeyField<Root>
    let sortKey: KeyField<Root>?
    /// The partition key and, where there is one, the sort key.
    var keys: [KeyField<Root>] { [partitionKey] + (sortKey.map { [$0] } ?? []) }
    /// The attributes that are the items' key.
    let keyAttributes: [String]
    let encode: @Sendable (Root, inout AttributeWriter) throws(ModelError) -> Void
    let decode: @Sendable (inout ItemReader) throws(ModelError) -> Root

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - table: The table's name.
    ///   - make: The model's initializer.
    ///   - field: The field for each of its arguments, in their order.
    @inlinable
    public init<each Value: StorableValue>(
        table: ResourceName, _ make: @escaping @Sendable (repeat each Value) -> Root,
        _ field: repeat Field<Root, each Value>
    ) {
        var plan = SchemaPlan<Root>()
        for field in repeat each field { plan.add(field) }
        // The closures hold the types and a list; a pack of fields would be copied, with its metadata, for each item.
        let members = plan.members
        self.init(table: table, plan: plan) { (model, writer) throws(ModelError) in
            try withUnsafePointer(to: model) { (base) throws(ModelError) in
                var index = 0
                for type in repeat (each Value).self {
                    members.store(index, type, at: base, in: &writer)
                    if let refusal = writer.refusal { throw members.error(index, refusal) }
                    index += 1
                }
            }
        } decode: { (reader) throws(ModelError) in
            var index = 0
            do throws(AttributeError) {
                return make(repeat try members.next((each Value).self, &index, from: &reader))
            } catch {
                throw members.error(index, error)
            }
        }
    }

    @usableFromInline
    init(
        table: ResourceName, plan: SchemaPlan<Root>,
        encode: @escaping @Sendable (Root, inout AttributeWriter) throws(ModelError) -> Void,
        decode: @escaping @Sendable (inout ItemReader) throws(ModelError) -> Root
    ) {
        self.table = table
        attributes = plan.attributes
        secrets = plan.secrets
        files = plan.files
        version = plan.version
        partitionKey = plan.checkedPartitionKey()
        sortKey = plan.sortKey
        keyAttributes = [partitionKey.name] + (plan.sortKey.map { [$0.name] } ?? [])
        self.encode = encode
        self.decode = decode
    }
}

extension StoredMembers {
    @usableFromInline
    func error(_ index: Int, _ error: AttributeError) -> ModelError {
        ModelError(model: "\(Root.self)", attribute: keys[index].name, error)
    }
}
