import TallyHTTP
public import TallyMetrics
import TallyWire

extension S3 {
    /// What ``S3/completeMultipartUpload(_:parts:models:)`` made.
    public struct CompleteMultipartUploadOutput: Sendable {
        /// The entity tag, in its quotation marks.
        public var eTag: String?
        /// The object's version, in a bucket that keeps versions.
        public var versionID: String?
        /// The content's checksum in base64; `nil` when neither the parts nor S3 told it.
        public var checksum: String?
    }

    /// Makes the parts of an upload one object.
    ///
    /// S3 is held to each part's checksum and to the length. The checksum of the whole, which it derives from the
    /// parts', is compared when it answers rather than sent: local servers take that header for a checksum of checksums
    /// and refuse every upload.
    ///
    /// - Parameters:
    ///   - upload: The upload.
    ///   - parts: All its parts, in order.
    ///   - models: The models on whose behalf.
    /// - Returns: What S3 tells of the new object.
    /// - Throws: ``ServiceError`` when the condition does not hold, a part is missing or too small, S3 refuses or retries
    ///   run out.
    /// - Cost: One PUT request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html>
    public func completeMultipartUpload(
        _ upload: MultipartUpload, parts: [UploadedPart], models: [ModelName] = []
    ) async throws(ServiceError) -> CompleteMultipartUploadOutput {
        let target = upload.target
        var headers: Headers = [
            "Content-Type": "application/xml", "x-amz-checksum-type": "FULL_OBJECT",
            "x-amz-mp-object-size": "\(parts.reduce(0) { $0 + $1.size })",
        ]
        target.condition?.add(to: &headers)
        let xml = Self.completion(of: parts, target.checksumAlgorithm)
        var call = try call(
            "CompleteMultipartUpload", .post, bucket: target.bucket, key: target.key, query: [("uploadId", upload.id)],
            headers: headers, body: .bytes(Array(xml.utf8)), models: models
        )
        // S3 may take minutes to put the parts together.
        call.request.timeouts.idle = .seconds(60)
        let checksum = Self.checksum(of: parts, target.checksumAlgorithm)
        return try await client.send(call) { [call] (response, _) throws(ServiceError) in
            let document = try Self.document(response, "CompleteMultipartUploadResult", of: call)
            let kept = document[target.checksumAlgorithm.element] ?? ""
            // Another length is a checksum of checksums.
            let isWhole = Base64.decode(kept)?.count == target.checksumAlgorithm.byteCount
            if let checksum, isWhole, kept != checksum {
                throw call.failure(
                    .checksumMismatch,
                    "the content's \(target.checksumAlgorithm.rawValue) is \(checksum), S3 kept \(kept)"
                )
            }
            return CompleteMultipartUploadOutput(
                eTag: document["ETag"], versionID: response.headers["x-amz-version-id"],
                checksum: checksum ?? (isWhole ? kept : nil))
        }
    }

    /// The checksum of the whole, from those of the parts; `nil` when one of them is not known.
    private static func checksum(of parts: [UploadedPart], _ algorithm: ChecksumAlgorithm) -> String? {
        var whole: String?
        for part in parts {
            guard let checksum = part.checksum else { return nil }
            whole = whole.map { algorithm.combine($0, checksum, length: part.size) } ?? checksum
        }
        return whole
    }

    private static func completion(of parts: [UploadedPart], _ algorithm: ChecksumAlgorithm) -> String {
        var xml = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        for part in parts {
            xml += "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(XMLText.escaped(part.eTag))</ETag>"
            if let checksum = part.checksum {
                xml += "<\(algorithm.element)>\(checksum)</\(algorithm.element)>"
            }
            xml += "</Part>"
        }
        return xml + "</CompleteMultipartUpload>"
    }
}
