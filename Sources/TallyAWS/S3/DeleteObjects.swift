import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Why one of several objects was not removed.
    public struct DeleteFailure: Sendable, Hashable {
        /// The object's key.
        public var key: String
        /// S3's error code, such as `AccessDenied`.
        public var code: String
        /// What S3 said.
        public var message: String
    }

    /// Removes up to 1,000 objects in one request; those that are not there are no errors.
    ///
    /// - Parameters:
    ///   - keys: The objects' keys, 1 to 1,000.
    ///   - bucket: The bucket's name.
    ///   - models: The models on whose behalf.
    /// - Returns: The objects that were not removed, by name; empty when all were.
    /// - Throws: ``ServiceError`` when there are too many keys, S3 refuses the whole or retries run out.
    /// - Cost: Nothing.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html>
    public func deleteObjects(
        _ keys: [String], bucket: String, models: [ModelName] = []
    ) async throws(ServiceError) -> [DeleteFailure] {
        try valid("DeleteObjects", bucket) { () throws(InvalidInput) in
            try InvalidInput.check(keys.count, in: 1...1_000, "keys")
        }
        let list = keys.map { "<Object><Key>\(XMLText.escaped($0))</Key></Object>" }.joined()
        let body = Array(
            "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(list)<Quiet>true</Quiet></Delete>".utf8)
        // S3 takes no such request without a checksum.
        let algorithm = ChecksumAlgorithm.crc32
        let call = try call(
            "DeleteObjects", .post, bucket: bucket, query: [("delete", "")],
            headers: [
                "Content-Type": "application/xml", "x-amz-sdk-checksum-algorithm": algorithm.rawValue,
                algorithm.header: algorithm.checksum(of: body),
            ], body: .bytes(body), models: models
        )
        return try await client.send(call) { (response, record) throws(ServiceError) in
            let failures = try Self.document(response, "DeleteResult", of: call).all("Error").map { error in
                DeleteFailure(
                    key: error["Key"] ?? "", code: error["Code"] ?? "", message: error["Message"] ?? "")
            }
            record.itemCount = keys.count - failures.count
            return failures
        }
    }
}
