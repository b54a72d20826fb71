public import TallyHTTP
public import TallyMetrics
import TallyWire

extension S3 {
    /// What ``S3/putObject(_:models:)`` stores.
    public struct PutObjectInput: Sendable {
        /// The bucket's name.
        public var bucket: String
        /// The object's key.
        public var key: String
        /// The content, at most 5 GiB.
        public var body: RequestBody
        /// What is kept beside the content.
        public var attributes: ObjectAttributes
        /// What must hold of the object that is there already; `nil` replaces it.
        public var condition: WriteCondition?
        /// The checksum that S3 compares the content with.
        public var checksumAlgorithm = ChecksumAlgorithm.crc64NVME

        /// Creates the input for bytes in memory.
        ///
        /// - Parameters:
        ///   - bucket: The bucket's name.
        ///   - key: The object's key.
        ///   - body: The content, at most 5 GiB.
        ///   - contentType: The content's media type.
        ///   - condition: What must hold of the object that is there already.
        public init(
            bucket: String, key: String, body: [UInt8], contentType: String = "application/octet-stream",
            condition: WriteCondition? = nil
        ) {
            self.init(
                bucket: bucket, key: key, content: .bytes(body), contentType: contentType, condition: condition)
        }

        /// Creates the input for a file or a stream, which is sent as it is read.
        ///
        /// - Parameters:
        ///   - bucket: The bucket's name.
        ///   - key: The object's key.
        ///   - content: The content, at most 5 GiB.
        ///   - contentType: The content's media type.
        ///   - condition: What must hold of the object that is there already.
        public init(
            bucket: String, key: String, content: RequestBody, contentType: String = "application/octet-stream",
            condition: WriteCondition? = nil
        ) {
            self.bucket = bucket
            self.key = key
            body = content
            attributes = ObjectAttributes(contentType: contentType)
            self.condition = condition
        }
    }

    /// What ``S3/putObject(_:models:)`` stored.
    public struct PutObjectOutput: Sendable {
        /// The entity tag, in its quotation marks.
        public var eTag: String?
        /// The object's version, in a bucket that keeps versions.
        public var versionID: String?
        /// The content's checksum in base64, as S3 checked it; `nil` for a stream when S3 does not answer it.
        public var checksum: String?
    }

    /// Stores an object in one request.
    ///
    /// The checksum of bytes in memory goes before them, that of a stream behind it, so that it is read once. An
    /// attempt whose answer was lost is made again; with ``WriteCondition/ifAbsent`` the second one may then be refused
    /// although the first stored the object.
    ///
    /// - Parameters:
    ///   - input: What to store.
    ///   - models: The models on whose behalf.
    /// - Returns: What S3 tells of the new object.
    /// - Throws: ``ServiceError`` when the condition does not hold, S3 refuses or retries run out.
    /// - Cost: One PUT request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
    @discardableResult
    public func putObject(
        _ input: PutObjectInput, models: [ModelName] = []
    ) async throws(ServiceError) -> PutObjectOutput {
        var headers = try valid("PutObject", input.bucket) { () throws(InvalidInput) in
            try input.attributes.headers()
        }
        input.condition?.add(to: &headers)
        let checksum = input.body.bytes.map { bytes in
            MetricsScope.timing(.checksum, for: models.first) { input.checksumAlgorithm.checksum(of: bytes) }
        }
        if let checksum { headers.add(input.checksumAlgorithm.header, checksum) }
        var call = try call(
            "PutObject", .put, bucket: input.bucket, key: input.key, headers: headers, body: input.body,
            contentLength: input.body.count, models: models
        )
        if checksum == nil {
            let isSigned = client.payloadSigning.applies(to: call.request.url)
            call.payload = .chunked(input.checksumAlgorithm.trailer, isSigned: isSigned)
        }
        return try await client.send(call) { [call] (response, _) throws(ServiceError) in
            let kept = response.headers[input.checksumAlgorithm.header]
            if let kept, let checksum, kept != checksum,
                Base64.decode(kept)?.count == input.checksumAlgorithm.byteCount
            {
                let name = input.checksumAlgorithm.rawValue
                throw call.failure(.checksumMismatch, "the content's \(name) is \(checksum), S3 kept \(kept)")
            }
            return PutObjectOutput(
                eTag: response.headers["ETag"], versionID: response.headers["x-amz-version-id"],
                checksum: checksum ?? kept
            )
        }
    }
}
