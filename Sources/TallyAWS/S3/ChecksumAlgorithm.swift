import TallyWire

extension S3 {
    /// The checksum that uploads carry and downloads are compared with.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>
    public struct ChecksumAlgorithm: RawRepresentable, Sendable, Hashable {
        /// The name in requests.
        public let rawValue: String

        /// Creates an algorithm from its name, `CRC64NVME` or `CRC32`; `nil` for any other.
        ///
        /// - Parameter rawValue: The name in requests.
        public init?(rawValue: String) {
            guard ["CRC64NVME", "CRC32"].contains(rawValue) else { return nil }
            self.rawValue = rawValue
        }

        private init(_ name: String) {
            rawValue = name
        }

        /// CRC-64 of NVM Express: S3's own choice.
        public static let crc64NVME = ChecksumAlgorithm("CRC64NVME")
        /// CRC-32, which more servers know that speak S3's protocol.
        public static let crc32 = ChecksumAlgorithm("CRC32")

        /// The header that carries the checksum.
        var header: String { "x-amz-checksum-\(rawValue.lowercased())" }
        /// The element that carries the checksum.
        var element: String { "Checksum\(rawValue)" }
        var trailer: ChunkedUpload.Trailer { self == .crc32 ? .crc32 : .crc64NVME }
        /// The number of bytes of a checksum.
        var byteCount: Int { self == .crc32 ? 4 : 8 }

        /// The checksum of bytes at hand, as headers carry it.
        func checksum(of bytes: some Collection<UInt8>) -> String {
            var sum = trailer.begin()
            sum.update(bytes)
            return sum.base64
        }

        /// The checksum of two pieces in a row, from theirs.
        func combine(_ first: String, _ second: String, length: Int) -> String {
            guard let first = Base64.decode(first), let second = Base64.decode(second) else { return "" }
            if self == .crc32 {
                return CRC32.base64(
                    CRC32.combine(UInt32(bigEndian: first), UInt32(bigEndian: second), length: length))
            }
            return CRC64NVME.base64(
                CRC64NVME.combine(UInt64(bigEndian: first), UInt64(bigEndian: second), length: length))
        }
    }
}

extension FixedWidthInteger {
    fileprivate init(bigEndian bytes: [UInt8]) {
        self = bytes.reduce(0) { $0 << 8 | Self($1) }
    }
}
