/// How a ``MapAttribute`` becomes a map and a map a value: the struct's initializer plus, for each argument, the member
/// that it comes from and the property that it goes to.
///
/// Members are listed in the order in which the struct declares its properties; that two of the same type were swapped
/// is found when the schema is first touched, and ends the process with a message that says which.
public struct MapSchema<Root: Sendable>: Sendable {
    let encode: @Sendable (Root, inout AttributeWriter) -> Void
    let decode: @Sendable (inout ItemReader) throws(AttributeError) -> Root

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - make: The struct's initializer.
    ///   - member: The member for each of its arguments, in their order.
    @inlinable
    public init<each Value: AttributeConvertible>(
        _ make: @escaping @Sendable (repeat each Value) -> Root, _ member: repeat MapMember<Root, each Value>
    ) {
        var plan = DeclarationOrder<Root>(of: "map")
        for member in repeat each member { plan.add(member.name, member.path) }
        self.init { (value, writer) in
            for member in repeat each member { member.store(value, in: &writer) }
        } decode: { (reader) throws(AttributeError) in
            make(repeat try (each member).load(from: &reader))
        }
    }

    @usableFromInline
    init(
        encode: @escaping @Sendable (Root, inout AttributeWriter) -> Void,
        decode: @escaping @Sendable (inout ItemReader) throws(AttributeError) -> Root
    ) {
        self.encode = encode
        self.decode = decode
    }
}
