import TallyHTTP
public import TallyMetrics
public import TallyWire

extension S3 {
    /// An upload that was begun and neither completed nor aborted.
    public struct OpenUpload: Sendable, Hashable {
        /// The key of the object that it would become.
        public var key: String
        /// The id that S3 gave it.
        public var id: String
        /// When it began.
        public var initiated: Timestamp?
    }

    /// One page of a bucket's open uploads.
    public struct ListMultipartUploadsOutput: Sendable, Hashable {
        /// The uploads, by key and then by age.
        public var uploads: [OpenUpload] = []
        /// The last upload of the page, to go on after it; `nil` on the last page.
        public var next: OpenUpload?
    }

    /// Lists the uploads of a bucket that are open, up to 1,000.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - prefix: What the keys begin with.
    ///   - after: The upload at which the page before this one ended.
    ///   - models: The models on whose behalf.
    /// - Returns: One page.
    /// - Throws: ``ServiceError`` when S3 refuses or retries run out.
    /// - Cost: One LIST request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html>
    public func listMultipartUploads(
        bucket: String, prefix: String? = nil, after: OpenUpload? = nil, models: [ModelName] = []
    ) async throws(ServiceError) -> ListMultipartUploadsOutput {
        let call = try call(
            "ListMultipartUploads", .get, bucket: bucket,
            query: [
                ("encoding-type", "url"), ("key-marker", after?.key), ("prefix", prefix),
                ("upload-id-marker", after?.id), ("uploads", ""),
            ], models: models
        )
        return try await client.send(call) { (response, _) throws(ServiceError) in
            let document = try Self.document(response, "ListMultipartUploadsResult", of: call)
            func text(_ value: String?) -> String { Self.decoded(value ?? "", in: document) }
            let uploads = document.all("Upload").map { upload in
                OpenUpload(
                    key: text(upload["Key"]), id: upload["UploadId"] ?? "",
                    initiated: upload["Initiated"].flatMap { Timestamp(iso8601: $0) })
            }
            let isTruncated = document["IsTruncated"] == "true"
            let next = OpenUpload(key: text(document["NextKeyMarker"]), id: document["NextUploadIdMarker"] ?? "")
            return ListMultipartUploadsOutput(uploads: uploads, next: isTruncated ? next : nil)
        }
    }

    /// A text of a list in the clear: XML cannot hold every character that a key can, so lists come encoded.
    static func decoded(_ text: String, in document: XMLElement) -> String {
        guard document["EncodingType"] == "url" else { return text }
        // S3 writes a space as a plus sign here.
        let spaced = text.split(separator: "+", omittingEmptySubsequences: false).joined(separator: " ")
        return PercentEncoding.decode(spaced) ?? text
    }
}
