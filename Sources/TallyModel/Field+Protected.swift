extension Field {
    /// An attribute that is encrypted under a data key of its item, which KMS wraps.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property.
    ///   - key: The KMS key: its id, ARN or alias (`alias/…`).
    /// - Returns: The field.
    public static func encrypted<Plain>(
        _ name: String, _ path: any KeyPath<Root, Secret<Plain>> & Sendable, key: ResourceName
    ) -> Self where Value == Secret<Plain> {
        var field = Self(name, path, FieldRole(role: .encrypted))
        field.secret = SecretField(name: name, key: key, isPresent: { _ in true })
        return field
    }

    /// An attribute that may be absent, encrypted under a data key of its item, which KMS wraps.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property.
    ///   - key: The KMS key: its id, ARN or alias (`alias/…`).
    /// - Returns: The field.
    public static func encrypted<Plain>(
        _ name: String, _ path: any KeyPath<Root, Secret<Plain>?> & Sendable, key: ResourceName
    ) -> Self where Value == Secret<Plain>? {
        var field = Self(name, path, FieldRole(role: .encrypted))
        field.secret = SecretField(name: name, key: key, isPresent: { $0[keyPath: path] != nil })
        return field
    }

    /// A file whose content lies in S3 while the item holds a pointer to it.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property, a `var`, since a save fills in the pointer.
    ///   - bucket: The bucket.
    ///   - prefix: What the objects' keys begin with, such as `docs/`.
    /// - Returns: The field.
    public static func file(
        _ name: String, _ path: any WritableKeyPath<Root, StoredFile> & Sendable, bucket: ResourceName,
        prefix: String = ""
    ) -> Self where Value == StoredFile {
        var field = Self(name, path, FieldRole(role: .file))
        field.file = FileField(
            name: name, bucket: bucket, prefix: prefix, get: { $0[keyPath: path] }, set: { $0[keyPath: path] = $1 })
        return field
    }

    /// A file that may be absent, whose content lies in S3 while the item holds a pointer to it.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property, a `var`, since a save fills in the pointer.
    ///   - bucket: The bucket.
    ///   - prefix: What the objects' keys begin with, such as `docs/`.
    /// - Returns: The field.
    public static func file(
        _ name: String, _ path: any WritableKeyPath<Root, StoredFile?> & Sendable, bucket: ResourceName,
        prefix: String = ""
    ) -> Self where Value == StoredFile? {
        var field = Self(name, path, FieldRole(role: .file))
        field.file = FileField(
            name: name, bucket: bucket, prefix: prefix, get: { $0[keyPath: path] }, set: { $0[keyPath: path] = $1 })
        return field
    }
}
