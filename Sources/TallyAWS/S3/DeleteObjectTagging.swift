import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Removes an object's tags.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - key: The object's key.
    ///   - models: The models on whose behalf.
    /// - Throws: ``ServiceError`` when there is no object, S3 refuses or retries run out.
    /// - Cost: Nothing.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html>
    public func deleteObjectTagging(
        bucket: String, key: String, models: [ModelName] = []
    ) async throws(ServiceError) {
        let call = try call(
            "DeleteObjectTagging", .delete, bucket: bucket, key: key, query: [("tagging", "")], models: models)
        try await client.send(call) { (_, _) throws(ServiceError) in }
    }
}
