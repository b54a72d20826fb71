/// What ``Field/file(_:_:bucket:prefix:)`` takes: a ``StoredFile`` or an optional one.
public protocol FileValue: StorableValue {
    /// The file, if there is one.
    var file: StoredFile? { get }

    /// Creates the value from a file.
    ///
    /// - Parameter file: The file.
    init(file: StoredFile)
}

extension StoredFile: FileValue {
    /// The file itself.
    public var file: StoredFile? { self }

    /// Creates the value from a file.
    ///
    /// - Parameter file: The file.
    public init(file: StoredFile) {
        self = file
    }
}

extension Optional: FileValue where Wrapped: FileValue {
    /// The file, if there is one.
    public var file: StoredFile? { self?.file }

    /// Creates the value from a file.
    ///
    /// - Parameter file: The file.
    public init(file: StoredFile) {
        self = Wrapped(file: file)
    }
}
