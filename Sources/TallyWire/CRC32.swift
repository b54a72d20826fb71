/// The CRC-32 of Ethernet, zip and PNG (reflected polynomial 0xEDB88320), piece by piece.
public struct CRC32: Sendable, Hashable {
    private var register: UInt32 = .max

    /// Begins a checksum.
    public init() {}

    /// Adds bytes.
    ///
    /// - Parameter bytes: The bytes that come next.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        register = bytes.withBytes { Self.tables.update(register, with: $0) }
    }

    /// The checksum of the bytes so far.
    public var value: UInt32 { ~register }

    /// The checksum as S3's headers carry it: base64 of the big-endian bytes.
    public var base64: String { Base64.encode(CRCTables.bigEndianBytes(value)) }

    private static let tables = CRCTables<UInt32>(polynomial: 0xEDB8_8320)
}
