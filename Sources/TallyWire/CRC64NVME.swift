/// The CRC-64 of NVM Express (reflected polynomial 0x9A6C9329AC4BC9B5), S3's checksum of whole objects.
public struct CRC64NVME: Sendable, Hashable {
    private static let polynomial: UInt64 = 0x9A6C_9329_AC4B_C9B5
    private static let tables = CRCTables<UInt64>(polynomial: polynomial)

    private var register: UInt64 = .max

    /// Begins a checksum.
    public init() {}

    /// Adds bytes.
    ///
    /// - Parameter bytes: The bytes that come next.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        register = bytes.withBytes { Self.tables.update(register, with: $0) }
    }

    /// The checksum of the bytes so far.
    public var value: UInt64 { ~register }

    /// The checksum as S3's headers carry it: base64 of the big-endian bytes.
    public var base64: String { Self.base64(value) }

    /// Returns a checksum as S3's headers carry it.
    ///
    /// - Parameter value: A checksum.
    /// - Returns: Base64 of the big-endian bytes.
    public static func base64(_ value: UInt64) -> String {
        Base64.encode(CRCTables.bigEndianBytes(value))
    }

    // MARK: - Combining

    /// Returns the checksum of two pieces in a row, from theirs, without their bytes.
    ///
    /// - Parameters:
    ///   - first: The checksum of the first piece.
    ///   - second: The checksum of the second piece.
    ///   - length: The number of bytes in the second piece.
    /// - Returns: The checksum of the whole.
    /// - Complexity: O(log `length`), a few microseconds.
    public static func combine(_ first: UInt64, _ second: UInt64, length: Int) -> UInt64 {
        tables.combine(first, second, length: length)
    }
}
