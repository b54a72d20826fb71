public import TallyWire

/// One argument of a map's initializer: the member that it comes from and the property that it goes to.
///
/// Made by ``member(_:_:)`` inside a ``MapSchema``.
public struct MapMember<Root: Sendable, Value: AttributeConvertible>: Sendable {
    @usableFromInline let key: JSONKey
    @usableFromInline let path: any KeyPath<Root, Value> & Sendable

    @usableFromInline
    init(_ name: String, _ path: any KeyPath<Root, Value> & Sendable) {
        key = JSONKey(name)
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
}
