/// One argument of a map's initializer: the member that it comes from and the property that it goes to.
///
/// Made by ``member(_:_:)`` inside a ``MapSchema``.
public struct MapMember<Root: Sendable, Value: AttributeConvertible>: Sendable {
    @usableFromInline let name: String
    @usableFromInline let path: any KeyPath<Root, Value> & Sendable

    @usableFromInline
    init(_ name: String, _ path: any KeyPath<Root, Value> & Sendable) {
        self.name = name
        self.path = path
    }

    /// A member that holds a value as it is.
    ///
    /// - Parameters:
    ///   - name: The member's name in the map.
    ///   - path: The property.
    /// - Returns: The member.
    @inlinable
    public static func member(_ name: String, _ path: any KeyPath<Root, Value> & Sendable) -> Self {
        Self(name, path)
    }

    @inlinable
    func store(_ value: Root, in writer: inout AttributeWriter) {
        writer.pendingName = name
        let isRefused = writer.refusal != nil
        Value.store(value[keyPath: path], in: &writer)
        writer.pendingName = nil
        if !isRefused, writer.refusal != nil { writer.locateRefusal(in: name) }
    }

    @inlinable
    func load(from reader: inout ItemReader) throws(AttributeError) -> Value {
        do throws(AttributeError) {
            guard try reader.seek(name) else { return try Value.loadAbsent() }
            return try Value.load(from: &reader.values)
        } catch {
            throw error.located(in: name)
        }
    }
}
