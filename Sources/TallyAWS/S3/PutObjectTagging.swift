import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Replaces an object's tags.
    ///
    /// - Parameters:
    ///   - tags: Names and values, at most 10.
    ///   - bucket: The bucket's name.
    ///   - key: The object's key.
    ///   - models: The models on whose behalf.
    /// - Throws: ``ServiceError`` when there are too many tags or no object, S3 refuses or retries run out.
    /// - Cost: One PUT request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html>
    public func putObjectTagging(
        _ tags: [String: String], bucket: String, key: String, models: [ModelName] = []
    ) async throws(ServiceError) {
        try valid("PutObjectTagging", bucket) { () throws(InvalidInput) in
            try InvalidInput.check(tags.count, in: 0...10, "tags")
        }
        let set = tags.sorted { $0.key < $1.key }.map { name, value in
            "<Tag><Key>\(XMLText.escaped(name))</Key><Value>\(XMLText.escaped(value))</Value></Tag>"
        }.joined()
        let body = Array(
            "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>\(set)</TagSet></Tagging>".utf8)
        let algorithm = ChecksumAlgorithm.crc32
        let call = try call(
            "PutObjectTagging", .put, bucket: bucket, key: key, query: [("tagging", "")],
            headers: [
                "Content-Type": "application/xml", "x-amz-sdk-checksum-algorithm": algorithm.rawValue,
                algorithm.header: algorithm.checksum(of: body),
            ], body: .bytes(body), models: models
        )
        try await client.send(call) { (_, _) throws(ServiceError) in }
    }
}
