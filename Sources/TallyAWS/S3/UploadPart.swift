import TallyHTTP
public import TallyMetrics
import TallyWire

extension S3 {
    /// Sends one part of an upload.
    ///
    /// - Parameters:
    ///   - number: The part's number, 1 to 10,000; a part sent earlier under that number is replaced.
    ///   - body: The part, in memory: 5 MiB to 5 GiB, the last one may be smaller.
    ///   - upload: The upload.
    ///   - models: The models on whose behalf.
    /// - Returns: The part, for ``completeMultipartUpload(_:parts:models:)``.
    /// - Throws: ``ServiceError`` when there is no such upload, S3 refuses or retries run out.
    /// - Cost: One PUT request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html>
    public func uploadPart(
        _ number: Int, _ body: ArraySlice<UInt8>, of upload: MultipartUpload, models: [ModelName] = []
    ) async throws(ServiceError) -> UploadedPart {
        let target = upload.target
        let checksum = MetricsScope.timing(.checksum, for: models.first) {
            target.checksumAlgorithm.checksum(of: body)
        }
        let call = try call(
            "UploadPart", .put, bucket: target.bucket, key: target.key,
            query: [("partNumber", "\(number)"), ("uploadId", upload.id)],
            headers: ["Content-Type": "application/octet-stream", target.checksumAlgorithm.header: checksum],
            body: .bytes(body), contentLength: body.count, models: models
        )
        return try await client.send(call) { (response, _) throws(ServiceError) in
            guard let eTag = response.headers["ETag"] else {
                throw call.failure(.invalidResponse, "the response has no ETag", retry: .transient)
            }
            return UploadedPart(number: number, eTag: eTag, checksum: checksum, size: body.count)
        }
    }
}
