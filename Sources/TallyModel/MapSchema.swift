import TallyWire

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
        var members = StoredMembers<Root>(of: "map")
        for member in repeat each member { members.add(member.key, member.path) }
        self.init { [members] (value, writer) in
            withUnsafePointer(to: value) { base in
                var index = 0
                for type in repeat (each Value).self {
                    let isRefused = writer.refusal != nil
                    members.store(index, type, at: base, in: &writer)
                    if !isRefused, writer.refusal != nil { members.locateRefusal(index, in: &writer) }
                    index += 1
                }
            }
        } decode: { [members] (reader) throws(AttributeError) in
            var index = 0
            do throws(AttributeError) {
                return make(repeat try members.next((each Value).self, &index, from: &reader))
            } catch {
                throw members.located(index, error)
            }
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

extension StoredMembers {
    @usableFromInline
    func located(_ index: Int, _ error: AttributeError) -> AttributeError {
        error.located(in: keys[index].name)
    }

    @usableFromInline
    func locateRefusal(_ index: Int, in writer: inout AttributeWriter) {
        writer.locateRefusal(in: keys[index].name)
    }
}
