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
    public var base64: String { Self.base64(value) }

    /// Returns a checksum as S3's headers carry it.
    ///
    /// - Parameter value: A checksum.
    /// - Returns: Base64 of the big-endian bytes.
    public static func base64(_ value: UInt32) -> String {
        Base64.encode(CRCTables.bigEndianBytes(value))
    }

    /// Returns the checksum of two pieces in a row, from theirs, without their bytes.
    ///
    /// - Parameters:
    ///   - first: The checksum of the first piece.
    ///   - second: The checksum of the second piece.
    ///   - length: The number of bytes in the second piece.
    /// - Returns: The checksum of the whole.
    /// - Complexity: O(log `length`), a few microseconds.
    public static func combine(_ first: UInt32, _ second: UInt32, length: Int) -> UInt32 {
        tables.combine(first, second, length: length)
    }

    private static let tables = CRCTables<UInt32>(polynomial: 0xEDB8_8320)
}
