import TallyHTTP
public import TallyMetrics

extension S3 {
    /// What ``S3/getObject(_:models:)`` and ``S3/streamObject(_:models:)`` read.
    public struct GetObjectInput: Sendable {
        /// The bucket's name.
        public var bucket: String
        /// The object's key.
        public var key: String
        /// The bytes to read, the last included; `nil` for all.
        public var range: ClosedRange<Int>?
        /// The entity tag that the object must still have.
        public var ifMatch: String?
        /// The entity tag that the object must no longer have: what is at hand already is not read again.
        public var ifNoneMatch: String?
        /// Which version to read; `nil` for the newest.
        public var versionID: String?

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - bucket: The bucket's name.
        ///   - key: The object's key.
        ///   - range: The bytes to read, the last included; `nil` for all.
        ///   - ifMatch: The entity tag that the object must still have.
        ///   - ifNoneMatch: The entity tag that the object must no longer have.
        ///   - versionID: Which version to read; `nil` for the newest.
        public init(
            bucket: String, key: String, range: ClosedRange<Int>? = nil, ifMatch: String? = nil,
            ifNoneMatch: String? = nil, versionID: String? = nil
        ) {
            self.bucket = bucket
            self.key = key
            self.range = range
            self.ifMatch = ifMatch
            self.ifNoneMatch = ifNoneMatch
            self.versionID = versionID
        }
    }

    /// What ``S3/getObject(_:models:)`` read.
    public struct GetObjectOutput: Sendable {
        /// The content.
        public var body: [UInt8]
        /// What S3 tells of the object.
        public var info: ObjectInfo
    }

    /// Reads an object into memory.
    ///
    /// For large ones see ``streamObject(_:models:)``. The content is compared with the checksum that S3 kept of the
    /// whole object; a mismatch is retried.
    ///
    /// - Parameters:
    ///   - input: What to read.
    ///   - models: The models on whose behalf.
    /// - Returns: The content.
    /// - Throws: ``ServiceError``: ``ServiceError/Code/noSuchKey`` when there is no object, ``ServiceError/Code/notModified``
    ///   or ``ServiceError/Code/preconditionFailed`` as the conditions ask, or when S3 refuses or retries run out.
    /// - Cost: One GET request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>
    public func getObject(
        _ input: GetObjectInput, models: [ModelName] = []
    ) async throws(ServiceError) -> GetObjectOutput {
        var call = try objectCall("GetObject", .get, input, models: models)
        call.receivesContent = true
        return try await client.send(call) { (response, record) throws(ServiceError) in
            record.bytesDownloaded += response.body.count
            let info = ObjectInfo(response.headers)
            if let length = info.contentLength, length != response.body.count {
                throw call.failure(
                    .checksumMismatch, "\(response.body.count) bytes arrived of \(length)", retry: .transient
                )
            }
            if response.status == 200, var checksum = ObjectChecksum(response.headers) {
                let mismatch = MetricsScope.timing(.checksum, for: models.first) {
                    checksum.update(response.body)
                    return checksum.mismatch
                }
                if let mismatch {
                    throw call.failure(.checksumMismatch, mismatch, retry: .transient)
                }
            }
            return GetObjectOutput(body: response.body, info: info)
        }
    }

    /// A call that reads an object or what S3 tells of it.
    func objectCall(
        _ operation: String, _ method: Request.Method, _ input: GetObjectInput, models: [ModelName]
    ) throws(ServiceError) -> ServiceCall {
        var headers: Headers = ["x-amz-checksum-mode": "ENABLED"]
        if let range = input.range { headers.add("Range", "bytes=\(range.lowerBound)-\(range.upperBound)") }
        if let eTag = input.ifMatch { WriteCondition.ifMatch(eTag).add(to: &headers) }
        if let eTag = input.ifNoneMatch { headers.add("If-None-Match", WriteCondition.quoted(eTag)) }
        var call = try call(
            operation, method, bucket: input.bucket, key: input.key, query: [("versionId", input.versionID)],
            headers: headers, models: models)
        // What the caller asked to have in memory is bounded by the caller's memory alone.
        call.request.responseLimit = .max
        return call
    }
}
