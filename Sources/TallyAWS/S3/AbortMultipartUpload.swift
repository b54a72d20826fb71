import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Gives an upload up, so that its parts are no longer kept and paid for.
    ///
    /// - Parameters:
    ///   - upload: The upload.
    ///   - models: The models on whose behalf.
    /// - Throws: ``ServiceError`` when S3 refuses or retries run out.
    /// - Cost: Nothing.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html>
    public func abortMultipartUpload(
        _ upload: MultipartUpload, models: [ModelName] = []
    ) async throws(ServiceError) {
        let call = try call(
            "AbortMultipartUpload", .delete, bucket: upload.target.bucket, key: upload.target.key,
            query: [("uploadId", upload.id)], models: models
        )
        try await client.send(call) { (_, _) throws(ServiceError) in }
    }
}
