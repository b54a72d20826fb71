import TallyHTTP
public import TallyMetrics

extension S3 {
    /// One page of the parts of an upload.
    public struct ListPartsOutput: Sendable, Hashable {
        /// The parts in order.
        public var parts: [UploadedPart] = []
        /// Where the next page begins; `nil` on the last.
        public var nextPartNumber: Int?
    }

    /// Lists the parts of an upload that S3 has, up to 1,000.
    ///
    /// - Parameters:
    ///   - upload: The upload.
    ///   - after: The part number at which the page before this one ended.
    ///   - models: The models on whose behalf.
    /// - Returns: One page.
    /// - Throws: ``ServiceError`` when there is no such upload, S3 refuses or retries run out.
    /// - Cost: One GET request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html>
    public func listParts(
        of upload: MultipartUpload, after: Int? = nil, models: [ModelName] = []
    ) async throws(ServiceError) -> ListPartsOutput {
        let target = upload.target
        let call = try call(
            "ListParts", .get, bucket: target.bucket, key: target.key,
            query: [("part-number-marker", after.map { "\($0)" }), ("uploadId", upload.id)], models: models
        )
        return try await client.send(call) { (response, _) throws(ServiceError) in
            let document = try Self.document(response, "ListPartsResult", "ListPartsResponse", of: call)
            return ListPartsOutput(
                parts: document.all("Part").map { part in
                    UploadedPart(
                        number: part["PartNumber"].flatMap { Int($0) } ?? 0, eTag: part["ETag"] ?? "",
                        checksum: part[target.checksumAlgorithm.element],
                        size: part["Size"].flatMap { Int($0) } ?? 0)
                },
                nextPartNumber: document["IsTruncated"] == "true"
                    ? document["NextPartNumberMarker"].flatMap { Int($0) } : nil)
        }
    }
}
