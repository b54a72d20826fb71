extension Field where Value: SecretValue {
    /// An attribute that is encrypted under a data key of its item, which KMS wraps.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property, a ``Secret`` or an optional one.
    ///   - key: The KMS key: its id, ARN or alias (`alias/…`).
    /// - Returns: The field.
    public static func encrypted(
        _ name: String, _ path: any KeyPath<Root, Value> & Sendable, key: ResourceName
    ) -> Self {
        var field = Self(name, path, FieldRole(role: .encrypted))
        field.secret = SecretField(attribute: field.key, key: key, isPresent: { $0[keyPath: path].isPresent })
        return field
    }
}

extension Field where Value: FileValue {
    /// A file whose content lies in S3 while the item holds a pointer to it.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property, a ``StoredFile`` or an optional one, and a `var`, since a save fills in the pointer.
    ///   - bucket: The bucket.
    ///   - prefix: What the objects' keys begin with, such as `docs/`.
    /// - Returns: The field.
    public static func file(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, bucket: ResourceName, prefix: String = ""
    ) -> Self {
        var field = Self(name, path, FieldRole(role: .file))
        field.file = FileField(
            attribute: field.key, bucket: bucket, prefix: prefix, get: { $0[keyPath: path].file },
            set: { $0[keyPath: path] = Value(file: $1) })
        return field
    }
}

// A literal as argument of an argument of a parameter pack is a String to the compiler, whatever the parameter's type
// could be made from (Swift 6.3.1): hence the two that take one.

extension Field where Value: SecretValue {
    /// An attribute that is encrypted under a data key of its item, which KMS wraps.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property, a ``Secret`` or an optional one.
    ///   - key: The KMS key: its id, ARN or alias (`alias/…`).
    /// - Returns: The field.
    public static func encrypted(
        _ name: String, _ path: any KeyPath<Root, Value> & Sendable, key: String
    ) -> Self {
        encrypted(name, path, key: ResourceName(key))
    }
}

extension Field where Value: FileValue {
    /// A file whose content lies in S3 while the item holds a pointer to it.
    ///
    /// - Parameters:
    ///   - name: The attribute's name in the table.
    ///   - path: The property, a ``StoredFile`` or an optional one, and a `var`, since a save fills in the pointer.
    ///   - bucket: The bucket.
    ///   - prefix: What the objects' keys begin with, such as `docs/`.
    /// - Returns: The field.
    public static func file(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, bucket: String, prefix: String = ""
    ) -> Self {
        file(name, path, bucket: ResourceName(bucket), prefix: prefix)
    }
}
