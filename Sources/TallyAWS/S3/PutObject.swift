import TallyHTTP
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
        public var body: [UInt8]
        /// The content's media type.
        public var contentType: String
        /// What must hold of the object that is there already; `nil` replaces it.
        public var condition: WriteCondition?

        /// Creates the input.
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
            self.bucket = bucket
            self.key = key
            self.body = body
            self.contentType = contentType
            self.condition = condition
        }
    }

    /// What ``S3/putObject(_:models:)`` stored.
    public struct PutObjectOutput: Sendable {
        /// The entity tag, in its quotation marks.
        public var eTag: String?
        /// The object's version, in a bucket that keeps versions.
        public var versionID: String?
        /// The content's CRC64NVME in base64, as it was sent and checked by S3.
        public var checksum: String
    }

    /// Stores an object in one request.
    ///
    /// An attempt whose answer was lost is made again; with ``WriteCondition/ifAbsent`` the second one may then be
    /// refused although the first stored the object.
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
        var sum = CRC64NVME()
        sum.update(input.body)
        let checksum = sum.base64
        var headers: Headers = ["Content-Type": input.contentType, "x-amz-checksum-crc64nvme": checksum]
        input.condition?.add(to: &headers)
        let call = try call(
            "PutObject", .put, bucket: input.bucket, key: input.key, headers: headers, body: .bytes(input.body),
            contentLength: input.body.count, models: models
        )
        return try await client.send(call) { (response, _) throws(ServiceError) in
            PutObjectOutput(
                eTag: response.headers["ETag"], versionID: response.headers["x-amz-version-id"], checksum: checksum
            )
        }
    }
}
