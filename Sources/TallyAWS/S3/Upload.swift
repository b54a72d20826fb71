public import TallyHTTP
public import TallyMetrics

extension S3 {
    /// What an upload stored.
    public struct UploadOutput: Sendable {
        /// The entity tag, in its quotation marks.
        public var eTag: String?
        /// The object's version, in a bucket that keeps versions.
        public var versionID: String?
        /// The content's checksum in base64, as it was sent and checked by S3.
        public var checksum: String
    }

    /// Content above this is uploaded in parts of this size: 5 MiB, the least that S3 takes.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>
    static let partSize = 5 * 1_024 * 1_024
    private static let largestPartCount = 10_000
    private static let partsInFlight = 4

    /// Uploads bytes: in one request up to 5 MiB, above that in parts, as ``upload(_:length:to:models:)`` does.
    ///
    /// The parts are sent from where they lie: the upload takes no memory of its own.
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
        guard bytes.count > Self.partSize else {
            return try await uploadWhole(bytes[...], to: target, models: models)
        }
        var rest = bytes[...]
        return try await uploadParts(length: bytes.count, to: target, models: models) { size in
            defer { rest = rest.dropFirst(size) }
            return rest.prefix(size)
        }
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
            return try await uploadWhole(try await reader.next(length)[...], to: target, models: models)
        }
        return try await uploadParts(length: length, to: target, models: models) { size in
            try await reader.next(size)[...]
        }
    }

    /// Uploads a file, as ``upload(_:length:to:models:)`` does: at most four parts of it are in memory.
    ///
    /// - Parameters:
    ///   - path: The file's path; the file must not change meanwhile.
    ///   - target: Where it goes.
    ///   - models: The models on whose behalf.
    /// - Returns: What S3 tells of the new object.
    /// - Throws: `TransportError` when the file cannot be read, or ``ServiceError`` when it changes, the condition does
    ///   not hold, S3 refuses or retries run out.
    /// - Cost: One PUT request for each call.
    public func upload(
        file path: String, to target: UploadTarget, models: [ModelName] = []
    ) async throws -> UploadOutput {
        let body = try RequestBody.file(path)
        return try await upload(try body.open(), length: body.count, to: target, models: models)
    }

    /// The size of all parts but the last.
    static func partSize(for length: Int) -> Int {
        max(partSize, (length + largestPartCount - 1) / largestPartCount)
    }

    private func uploadWhole(
        _ bytes: ArraySlice<UInt8>, to target: UploadTarget, models: [ModelName]
    ) async throws(ServiceError) -> UploadOutput {
        var input = PutObjectInput(
            bucket: target.bucket, key: target.key, content: .bytes(bytes), condition: target.condition)
        input.attributes = target.attributes
        input.checksumAlgorithm = target.checksumAlgorithm
        let output = try await putObject(input, models: models)
        return UploadOutput(
            eTag: output.eTag, versionID: output.versionID, checksum: Self.known(output.checksum))
    }

    /// Uploads parts that `next` returns, each of the size that it is asked for.
    private func uploadParts(
        length: Int, to target: UploadTarget, models: [ModelName], next: (Int) async throws -> ArraySlice<UInt8>
    ) async throws -> UploadOutput {
        let upload = try await createMultipartUpload(target, models: models)
        do {
            let parts = try await send(length: length, of: upload, models: models, next: next)
            let output = try await completeMultipartUpload(upload, parts: parts, models: models)
            return UploadOutput(
                eTag: output.eTag, versionID: output.versionID, checksum: Self.known(output.checksum))
        } catch {
            // A task of its own: the abort has to go out even when this one is cancelled. It inherits the scope, so
            // the call is counted where it belongs; its own failure would only hide the first error.
            _ = await Task { try? await abortMultipartUpload(upload, models: models) }.value
            throw error
        }
    }

    /// What was sent from memory had its checksum with it.
    private static func known(_ checksum: String?) -> String {
        guard let checksum else { fatalError("S3.upload: content was sent without a checksum") }
        return checksum
    }

    private func send(
        length: Int, of upload: MultipartUpload, models: [ModelName], next: (Int) async throws -> ArraySlice<UInt8>
    ) async throws -> [UploadedPart] {
        let size = Self.partSize(for: length)
        return try await withThrowingTaskGroup(of: UploadedPart.self) { group in
            var parts: [UploadedPart] = []
            for number in 1...((length + size - 1) / size) {
                // Before the next part is read: so no more than four are ever in memory.
                if number > Self.partsInFlight, let part = try await group.next() { parts.append(part) }
                let body = try await next(min(size, length - (number - 1) * size))
                group.addTask { try await uploadPart(number, body, of: upload, models: models) }
            }
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.number < $1.number }
        }
    }
}
