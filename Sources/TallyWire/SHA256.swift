import COpenSSL
import Synchronization

/// Computes SHA-256 digests (FIPS 180-4), at once or piece by piece.
///
///     var digest = SHA256()
///     for try await piece in stream { digest.update(piece) }
///     let bytes = digest.finalize()
public struct SHA256: ~Copyable {
    /// The number of bytes in a digest.
    public static let byteCount = 32

    private let context: Context

    /// Begins a digest.
    public init() {
        context = Context()
        context.begin()
    }

    /// Adds bytes.
    ///
    /// - Parameter bytes: The bytes that come next.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        bytes.withBytes { context.update($0) }
    }

    /// Ends the digest.
    ///
    /// - Returns: The 32 bytes of the digest.
    public consuming func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { digest, count in
            context.end(into: UnsafeMutableRawBufferPointer(digest))
            count = Self.byteCount
        }
    }

    /// Returns the digest of bytes at hand.
    ///
    /// - Parameter bytes: The bytes.
    /// - Returns: The 32 bytes of the digest.
    public static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
            bytes.withBytes { bytes in
                Context.withShared { context in
                    context.begin()
                    context.update(bytes)
                    context.end(into: UnsafeMutableRawBufferPointer(digest))
                }
            }
            count = byteCount
        }
    }
}

extension SHA256 {
    /// OpenSSL's state of one digest, which may begin again after its end.
    struct Context: ~Copyable {
        // OpenSSL's provider is loaded by the first fetch (3 ms); a look-up by name would come with every digest.
        // SAFETY: never freed and never changed after its creation.
        private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

        // SAFETY: owned by this value alone, since it cannot be copied.
        private nonisolated(unsafe) let context: OpaquePointer

        init() {
            guard let context = EVP_MD_CTX_new() else { fatalError("OpenSSL: no memory for a digest") }
            self.context = context
            Self.require(EVP_DigestInit_ex2(context, Self.algorithm, nil))
        }

        deinit {
            EVP_MD_CTX_free(context)
        }

        func begin() {
            Self.require(EVP_DigestInit_ex2(context, nil, nil))
        }

        func update(_ bytes: UnsafeRawBufferPointer) {
            Self.require(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
        }

        /// Writes the digest, for which `digest` must have room.
        func end(into digest: UnsafeMutableRawBufferPointer) {
            Self.require(EVP_DigestFinal_ex(context, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil))
        }

        /// Digests have no way to fail but a lack of memory or of the algorithm itself.
        private static func require(_ status: Int32) {
            if status != 1 { fatalError("OpenSSL: SHA-256 is not available") }
        }
    }
}

extension SHA256.Context {
    private static let shared = Mutex(SHA256.Context())

    /// Calls `body` with a state that begins where others ended: making one costs as much as hashing 300 bytes.
    ///
    /// Whoever finds it in use makes one, so that threads never wait for each other's digests.
    static func withShared(_ body: (borrowing SHA256.Context) -> Void) {
        if shared.withLockIfAvailable({ body($0) }) == nil { body(SHA256.Context()) }
    }
}
