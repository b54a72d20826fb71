import TallyHTTP
import TallyMetrics
import TallyWire

extension S3 {
    /// One part of an upload that S3 has accepted.
    struct UploadedPart: Sendable {
        var number: Int
        var eTag: String
        /// The part's CRC64NVME.
        var checksum: UInt64
    }

    /// Begins an upload in parts, and returns its id.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html>
    func createMultipartUpload(_ target: UploadTarget, models: [ModelName]) async throws(ServiceError) -> String {
        let call = try call(
            "CreateMultipartUpload", .post, bucket: target.bucket, key: target.key, query: [("uploads", "")],
            headers: [
                "Content-Type": target.contentType, "x-amz-checksum-algorithm": "CRC64NVME",
                "x-amz-checksum-type": "FULL_OBJECT",
            ],
            models: models
        )
        return try await client.send(call) { (response, _) throws(ServiceError) in
            guard let id = XMLFields(response.body)?["UploadId"], !id.isEmpty else {
                throw call.failure(.invalidResponse, "the response names no UploadId", retry: .transient)
            }
            return id
        }
    }

    /// Sends one part.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html>
    func uploadPart(
        _ number: Int, _ body: [UInt8], checksum: UInt64, to target: UploadTarget, upload: String, models: [ModelName]
    ) async throws(ServiceError) -> UploadedPart {
        let call = try call(
            "UploadPart", .put, bucket: target.bucket, key: target.key,
            query: [("partNumber", "\(number)"), ("uploadId", upload)],
            headers: [
                "Content-Type": "application/octet-stream", "x-amz-checksum-crc64nvme": CRC64NVME.base64(checksum),
            ],
            body: .bytes(body), contentLength: body.count, models: models
        )
        return try await client.send(call) { (response, _) throws(ServiceError) in
            guard let eTag = response.headers["ETag"] else {
                throw call.failure(.invalidResponse, "the response has no ETag", retry: .transient)
            }
            return UploadedPart(number: number, eTag: eTag, checksum: checksum)
        }
    }

    /// Makes the parts one object; returns its entity tag.
    ///
    /// S3 is held to each part's checksum and to the length. The checksum of the whole, which it derives from the
    /// parts', is compared when it answers rather than sent: local servers take that header for a checksum of
    /// checksums and refuse every upload.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html>
    func completeMultipartUpload(
        _ parts: [UploadedPart], length: Int, checksum: UInt64, to target: UploadTarget, upload: String,
        models: [ModelName]
    ) async throws(ServiceError) -> String? {
        var headers: Headers = [
            "Content-Type": "application/xml", "x-amz-checksum-type": "FULL_OBJECT",
            "x-amz-mp-object-size": "\(length)",
        ]
        target.condition?.add(to: &headers)
        var call = try call(
            "CompleteMultipartUpload", .post, bucket: target.bucket, key: target.key, query: [("uploadId", upload)],
            headers: headers, body: .bytes(Self.completion(of: parts)), models: models
        )
        // S3 may take minutes to put the parts together.
        call.request.timeouts.idle = .seconds(60)
        return try await client.send(call) { [call] (response, _) throws(ServiceError) in
            // S3 answers 200 before it knows whether it will succeed.
            let fields = XMLFields(response.body)
            if fields?.root == "Error" { throw ServiceError(response, to: call, status: 500) }
            guard fields?.root == "CompleteMultipartUploadResult" else {
                throw call.failure(.invalidResponse, "the response tells neither success nor error", retry: .transient)
            }
            let kept = fields?["ChecksumCRC64NVME"] ?? ""
            guard kept.isEmpty || kept.contains("-") || kept == CRC64NVME.base64(checksum) else {
                throw call.failure(
                    .checksumMismatch, "the content's CRC64NVME is \(CRC64NVME.base64(checksum)), S3 kept \(kept)"
                )
            }
            return fields?["ETag"]
        }
    }

    /// Gives an upload up, so that its parts are no longer kept and paid for.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html>
    func abortMultipartUpload(
        _ upload: String, to target: UploadTarget, models: [ModelName]
    ) async throws(ServiceError) {
        let call = try call(
            "AbortMultipartUpload", .delete, bucket: target.bucket, key: target.key, query: [("uploadId", upload)],
            models: models
        )
        try await client.send(call) { (_, _) throws(ServiceError) in }
    }

    private static func completion(of parts: [UploadedPart]) -> [UInt8] {
        var xml = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        for part in parts {
            let eTag = part.eTag.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "&quot;")
            xml += "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(eTag)</ETag>"
            xml += "<ChecksumCRC64NVME>\(CRC64NVME.base64(part.checksum))</ChecksumCRC64NVME></Part>"
        }
        xml += "</CompleteMultipartUpload>"
        return Array(xml.utf8)
    }
}
