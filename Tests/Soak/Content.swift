import Glibc
import TallyWire

/// The bytes of an object, which tell whose they are.
struct Content {
    let bytes: [UInt8]

    // Few lengths and beginnings, so that the server reckons each checksum once.
    private static let lengths = [0, 1, 1_000, 16_384, 60_000, 200_000]
    private static let beginnings = 16
    private static let ramp = (0..<(lengths.max() ?? 0) + beginnings).map {
        UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8)
    }
    private static let checksums = lengths.map { length in
        (0..<beginnings).map { beginning in
            var checksum = CRC32()
            checksum.update(ramp[beginning..<(beginning + length)])
            return checksum.base64
        }
    }

    /// The CRC-32 of all bytes, as S3's headers carry it.
    let checksum: String

    init(of call: Int) {
        let (beginning, length) = (call % Self.beginnings, call / Self.beginnings % Self.lengths.count)
        bytes = Array(Self.ramp[beginning..<(beginning + Self.lengths[length])])
        checksum = Self.checksums[length][beginning]
    }

    /// Whether `other` are its first bytes.
    func begins(with other: [UInt8]) -> Bool {
        bytes.count >= other.count && memcmp(bytes, other, other.count) == 0
    }

    /// Whether `other` are the same bytes.
    func equals(_ other: [UInt8]) -> Bool {
        bytes.count == other.count && memcmp(bytes, other, bytes.count) == 0
    }
}
