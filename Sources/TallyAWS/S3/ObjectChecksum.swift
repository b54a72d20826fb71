import TallyHTTP
import TallyWire

/// The checksum of a whole object, compared while its content passes.
struct ObjectChecksum: Sendable {
    private enum Sum {
        case crc64NVME(CRC64NVME)
        case crc32(CRC32)
    }

    private let expected: String
    private var sum: Sum

    /// Takes the checksum that a response promises; `nil` when it is of an unknown kind, or of parts and not of the
    /// whole, as the checksums of older multipart uploads are.
    init?(_ headers: Headers) {
        guard headers["x-amz-checksum-type"] != "COMPOSITE" else { return nil }
        if let value = Self.value("crc64nvme", byteCount: 8, in: headers) {
            expected = value
            sum = .crc64NVME(CRC64NVME())
        } else if let value = Self.value("crc32", byteCount: 4, in: headers) {
            expected = value
            sum = .crc32(CRC32())
        } else {
            return nil
        }
    }

    /// A value of another size is no such checksum: "…-3" is one of the checksums of three parts.
    private static func value(_ name: String, byteCount: Int, in headers: Headers) -> String? {
        guard let value = headers["x-amz-checksum-\(name)"] else { return nil }
        return Base64.decode(value)?.count == byteCount ? value : nil
    }

    mutating func update(_ bytes: [UInt8]) {
        switch sum {
        case .crc64NVME(var value):
            value.update(bytes)
            sum = .crc64NVME(value)
        case .crc32(var value):
            value.update(bytes)
            sum = .crc32(value)
        }
    }

    /// What is wrong with the content so far as the whole; `nil` when it matches.
    var mismatch: String? {
        let (name, actual) =
            switch sum {
            case .crc64NVME(let value): ("CRC64NVME", value.base64)
            case .crc32(let value): ("CRC32", value.base64)
            }
        return actual == expected ? nil : "the content's \(name) is \(actual), S3 kept \(expected)"
    }
}
