import COpenSSL

/// Key bytes that are shared, never printed, and overwritten when the last owner lets go of them.
public final class SecretBytes: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    // SAFETY: written only before the initializer returns, freed only by deinit.
    private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer

    /// Copies key bytes, leaving the source to the caller; see ``init(moving:)``.
    ///
    /// - Parameter bytes: The key.
    public init(_ bytes: some Collection<UInt8>) {
        storage = .allocate(byteCount: bytes.count, alignment: 16)
        storage.copyBytes(from: bytes)
    }

    /// Takes key bytes over: copies them, then overwrites and empties the source.
    ///
    /// - Parameter bytes: The key; empty afterwards. Other copies of the array are not reached.
    public convenience init(moving bytes: inout [UInt8]) {
        self.init(bytes)
        bytes.cleanse()
    }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    /// The number of bytes.
    public var count: Int { storage.count }

    /// Lends the bytes.
    ///
    /// - Parameter body: Uses them; the pointer must not escape.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(storage))
    }

    /// The number of bytes, and nothing of them.
    public var description: String { "<\(count) secret bytes>" }

    /// The number of bytes, and nothing of them.
    public var debugDescription: String { description }

    /// A mirror without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension [UInt8] {
    /// Overwrites the bytes in a way that no optimiser removes, and empties the array.
    package mutating func cleanse() {
        withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        removeAll()
    }
}
