import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Removes an object; one that is not there is no error.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - key: The object's key.
    ///   - models: The models on whose behalf.
    /// - Throws: ``ServiceError`` when S3 refuses or retries run out.
    /// - Cost: Nothing.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html>
    public func deleteObject(
        bucket: String, key: String, models: [ModelName] = []
    ) async throws(ServiceError) {
        let call = try call("DeleteObject", .delete, bucket: bucket, key: key, models: models)
        try await client.send(call) { (_, _) throws(ServiceError) in }
    }
}
