import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Makes sure that a bucket is there and may be used.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - models: The models on whose behalf.
    /// - Throws: ``ServiceError``: ``ServiceError/Code/noSuchBucket``, `AccessDenied` or `PermanentRedirect` (the bucket
    ///   lies in another region), or when retries run out.
    /// - Cost: One GET request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html>
    public func headBucket(_ bucket: String, models: [ModelName] = []) async throws(ServiceError) {
        try await client.send(try headBucketCall(bucket, models: models)) { (_, _) throws(ServiceError) in }
    }

    func headBucketCall(_ bucket: String, models: [ModelName]) throws(ServiceError) -> ServiceCall {
        try call("HeadBucket", .head, bucket: bucket, models: models)
    }
}
