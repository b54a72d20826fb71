import Synchronization
public import TallyHTTP
public import TallyMetrics
import TallyWire

extension S3 {
    /// What an upload stored.
    public struct UploadOutput: Sendable {
        /// The entity tag, in its quotation marks.
        public var eTag: String?
        /// The content's CRC64NVME in base64, as it was sent and checked by S3.
        public var checksum: String
    }

    /// Content above this is uploaded in parts of this size: 5 MiB, the least that S3 takes.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>
    static let partSize = 5 * 1_024 * 1_024
    private static let largestPartCount = 10_000
    private static let partsInFlight = 4

    /// Uploads bytes: in one request up to 5 MiB, above that in parts, as ``upload(_:length:to:models:)`` does.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - target: Where it goes.
    ///   - models: The models on whose behalf.
    /// - Returns: What S3 tells of the new object.
    /// - Throws: ``ServiceError`` when the condition does not hold, S3 refuses or retries run out.
    public func upload(
        _ bytes: [UInt8], to target: UploadTarget, models: [ModelName] = []
    ) async throws -> UploadOutput {
        guard bytes.count > Self.partSize else { return try await uploadWhole(bytes, to: target, models: models) }
        let size = Self.partSize(for: bytes.count)
        let offset = Mutex(0)
        let content = ByteStream {
            let start = offset.withLock { offset in
                defer { offset += size }
                return offset
            }
            return start < bytes.count ? Array(bytes[start..<min(start + size, bytes.count)]) : nil
        }
        return try await upload(content, length: bytes.count, to: target, models: models)
    }

    /// Uploads content of known length as it arrives.
    ///
    /// Up to 5 MiB it takes one PUT request. Above that it takes 2 + ⌈length / 5 MiB⌉ calls: parts of 5 MiB (larger
    /// only where 10,000 of them would not do), at most four of them in memory and on the wire. Whatever goes wrong,
    /// cancellation included, ends with the upload aborted and the first error thrown.
    ///
    /// - Parameters:
    ///   - content: The content; read to its end.
    ///   - length: The content's length in bytes. Content that turns out shorter or longer is not stored.
    ///   - target: Where it goes.
    ///   - models: The models on whose behalf.
    /// - Returns: What S3 tells of the new object.
    /// - Throws: What `content` throws, or ``ServiceError`` when the length is wrong, the condition does not hold, S3
    ///   refuses or retries run out.
    /// - Cost: One PUT request for each call.
    public func upload(
        _ content: ByteStream, length: Int, to target: UploadTarget, models: [ModelName] = []
    ) async throws -> UploadOutput {
        var reader = PartReader(content, length: length, target: target)
        if length <= Self.partSize {
            return try await uploadWhole(try await reader.next(length), to: target, models: models)
        }

        let upload = try await createMultipartUpload(target, models: models)
        do {
            let parts = try await uploadParts(&reader, length: length, to: target, upload: upload, models: models)
            let checksum = Self.checksum(of: parts, length: length)
            let eTag = try await completeMultipartUpload(
                parts, length: length, checksum: checksum, to: target, upload: upload, models: models
            )
            return UploadOutput(eTag: eTag, checksum: CRC64NVME.base64(checksum))
        } catch {
            // A task of its own: the abort has to go out even when this one is cancelled. It inherits the scope, so
            // the call is counted where it belongs; its own failure would only hide the first error.
            _ = await Task { try? await abortMultipartUpload(upload, to: target, models: models) }.value
            throw error
        }
    }

    /// The size of all parts but the last.
    static func partSize(for length: Int) -> Int {
        max(partSize, (length + largestPartCount - 1) / largestPartCount)
    }

    private func uploadWhole(
        _ bytes: [UInt8], to target: UploadTarget, models: [ModelName]
    ) async throws(ServiceError) -> UploadOutput {
        let input = PutObjectInput(
            bucket: target.bucket, key: target.key, body: bytes, contentType: target.contentType,
            condition: target.condition
        )
        let output = try await putObject(input, models: models)
        return UploadOutput(eTag: output.eTag, checksum: output.checksum)
    }

    private func uploadParts(
        _ reader: inout PartReader, length: Int, to target: UploadTarget, upload: String, models: [ModelName]
    ) async throws -> [UploadedPart] {
        let size = Self.partSize(for: length)
        return try await withThrowingTaskGroup(of: UploadedPart.self) { group in
            var parts: [UploadedPart] = []
            for number in 1...((length + size - 1) / size) {
                // Before the next part is read: so no more than four are ever in memory.
                if number > Self.partsInFlight, let part = try await group.next() { parts.append(part) }
                let body = try await reader.next(min(size, length - (number - 1) * size))
                group.addTask {
                    var sum = CRC64NVME()
                    sum.update(body)
                    return try await uploadPart(
                        number, body, checksum: sum.value, to: target, upload: upload, models: models
                    )
                }
            }
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.number < $1.number }
        }
    }

    private static func checksum(of parts: [UploadedPart], length: Int) -> UInt64 {
        let size = partSize(for: length)
        var sum: UInt64?
        var left = length
        for part in parts {
            sum = sum.map { CRC64NVME.combine($0, part.checksum, length: min(size, left)) } ?? part.checksum
            left -= size
        }
        return sum ?? CRC64NVME().value
    }
}
