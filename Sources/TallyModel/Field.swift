public import TallyWire

/// One argument of a model's initializer: the attribute that it comes from and the property that it goes to.
///
/// Made by its static functions inside a ``Schema``.
public struct Field<Root: Sendable, Value: StorableValue>: Sendable {
    @usableFromInline let key: JSONKey
    @usableFromInline let path: any KeyPath<Root, Value> & Sendable
    let role: Role
    var name: String { key.name }
    /// Set for an encrypted attribute.
    var secret: SecretField<Root>?
    /// Set for a file.
    var file: FileField<Root>?
    /// Set for the version.
    var version: VersionField<Root>?

    @usableFromInline
    init(_ name: String, _ path: any KeyPath<Root, Value> & Sendable, _ role: FieldRole) {
        key = JSONKey(name)
        self.path = path
        self.role = role.role
    }
}

/// A ``Role`` that inlinable code can name.
@usableFromInline
struct FieldRole: Sendable {
    let role: Role

    @usableFromInline static let plain = FieldRole(role: .plain)
}

/// What sealing needs to know of an encrypted attribute.
struct SecretField<Root: Sendable>: Sendable {
    let attribute: JSONKey
    var name: String { attribute.name }
    let key: ResourceName
    let isPresent: @Sendable (Root) -> Bool
}

/// What uploading needs to know of a file attribute.
struct FileField<Root: Sendable>: Sendable {
    let attribute: JSONKey
    var name: String { attribute.name }
    let bucket: ResourceName
    let prefix: String
    let get: @Sendable (Root) -> StoredFile?
    let set: @Sendable (inout Root, StoredFile) -> Void
}

/// What the optimistic lock needs to know of the version.
struct VersionField<Root: Sendable>: Sendable {
    let name: String
    let get: @Sendable (Root) -> Int
    let advance: @Sendable (inout Root) -> Void
}

// MARK: - Plain attributes and keys

extension Field where Value: AttributeConvertible {
    /// An attribute that holds a value as it is.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property.
    /// - Returns: The field.
    @inlinable
    public static func attribute(_ name: String, _ path: any KeyPath<Root, Value> & Sendable) -> Self {
        Self(name, path, .plain)
    }
}

extension Field where Value: KeyConvertible {
    /// The table's partition key.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property.
    /// - Returns: The field.
    public static func partitionKey(_ name: String, _ path: any KeyPath<Root, Value> & Sendable) -> Self {
        Self(name, path, FieldRole(role: .partitionKey))
    }

    /// The table's sort key.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property.
    /// - Returns: The field.
    public static func sortKey(_ name: String, _ path: any KeyPath<Root, Value> & Sendable) -> Self {
        Self(name, path, FieldRole(role: .sortKey))
    }
}

extension Field where Value == EpochSeconds? {
    /// The attribute by which DynamoDB expires items; `nil` never expires.
    ///
    /// - Parameters:
    ///   - name: The attribute that the table's time to live is enabled on.
    ///   - path: The property.
    /// - Returns: The field.
    public static func timeToLive(_ name: String, _ path: any KeyPath<Root, EpochSeconds?> & Sendable) -> Self {
        Self(name, path, FieldRole(role: .timeToLive))
    }
}

extension Field where Value == Int {
    /// The version that guards against lost updates.
    ///
    /// 0 stands for an item that is not stored yet. Each write checks that the stored version is the one that was
    /// read and stores the next; the written value comes back with it.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property, a `var`.
    /// - Returns: The field.
    public static func version(_ name: String, _ path: any WritableKeyPath<Root, Int> & Sendable) -> Self {
        var field = Self(name, path, FieldRole(role: .version))
        field.version = VersionField(
            name: name, get: { $0[keyPath: path] }, advance: { $0[keyPath: path] += 1 })
        return field
    }
}
