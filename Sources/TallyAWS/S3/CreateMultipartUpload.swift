import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Begins an upload in parts; ``upload(_:to:models:)`` does the whole.
    ///
    /// Its parts are kept, and paid for, until it is completed or aborted.
    ///
    /// - Parameters:
    ///   - target: Where it goes; its condition is looked at when the upload is completed.
    ///   - models: The models on whose behalf.
    /// - Returns: The upload.
    /// - Throws: ``ServiceError`` when S3 refuses or retries run out.
    /// - Cost: One PUT request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html>
    public func createMultipartUpload(
        _ target: UploadTarget, models: [ModelName] = []
    ) async throws(ServiceError) -> MultipartUpload {
        var headers = try valid("CreateMultipartUpload", target.bucket) { () throws(InvalidInput) in
            try target.attributes.headers()
        }
        headers.add("x-amz-checksum-algorithm", target.checksumAlgorithm.rawValue)
        headers.add("x-amz-checksum-type", "FULL_OBJECT")
        let call = try call(
            "CreateMultipartUpload", .post, bucket: target.bucket, key: target.key, query: [("uploads", "")],
            headers: headers, models: models
        )
        return try await client.send(call) { (response, _) throws(ServiceError) in
            let document = try Self.document(response, "InitiateMultipartUploadResult", of: call)
            guard let id = document["UploadId"], !id.isEmpty else {
                throw call.failure(.invalidResponse, "the response names no UploadId", retry: .transient)
            }
            return MultipartUpload(target: target, id: id)
        }
    }
}
