import TallyHTTP
import TallyWire

/// The checksum of a whole object, compared while its content passes.
struct ObjectChecksum: Sendable {
    let algorithm: S3.ChecksumAlgorithm
    let expected: String
    private var sum: any RunningChecksum

    /// Takes the checksum that a response promises; `nil` when it is of an unknown kind, or of parts and not of the
    /// whole, as the checksums of older multipart uploads are.
    init?(_ headers: Headers) {
        guard headers["x-amz-checksum-type"] != "COMPOSITE" else { return nil }
        for algorithm in [S3.ChecksumAlgorithm.crc64NVME, .crc32] {
            // A value of another size is no such checksum: "…-3" is one of the checksums of three parts.
            guard let value = headers[algorithm.header], Base64.decode(value)?.count == algorithm.byteCount else {
                continue
            }
            self.algorithm = algorithm
            expected = value
            sum = algorithm.trailer.begin()
            return
        }
        return nil
    }

    mutating func update(_ bytes: [UInt8]) {
        sum.update(bytes)
    }

    /// What is wrong with the content so far as the whole; `nil` when it matches.
    var mismatch: String? {
        let actual = sum.base64
        guard actual != expected else { return nil }
        return "the content's \(algorithm.rawValue) is \(actual), S3 kept \(expected)"
    }
}
