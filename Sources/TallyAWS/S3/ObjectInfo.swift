import TallyHTTP
public import TallyWire

extension S3 {
    /// What S3 tells of an object beside its content.
    public struct ObjectInfo: Sendable, Hashable {
        /// Bytes of content in the response, or in the object when only that was asked for; `nil` when S3 did not say.
        public var contentLength: Int?
        /// The content's media type.
        public var contentType: String?
        /// How the content is encoded.
        public var contentEncoding: String?
        /// What browsers do with the content.
        public var contentDisposition: String?
        /// How long answers may be kept.
        public var cacheControl: String?
        /// The entity tag, in its quotation marks.
        public var eTag: String?
        /// Which part of the whole the response is, such as `bytes 0-9/443`; `nil` for the whole.
        public var contentRange: String?
        /// The object's version, in a bucket that keeps versions.
        public var versionID: String?
        /// When the object was stored.
        public var lastModified: Timestamp?
        /// Names and values of the user's own, the names in lower case.
        public var metadata: [String: String] = [:]
        /// The storage class; `nil` for `STANDARD`.
        public var storageClass: String?
        /// The checksum that S3 keeps of the whole content, in base64; `nil` when it keeps none that Tally knows.
        public var checksum: String?

        init(_ headers: Headers) {
            contentLength = headers["Content-Length"].flatMap(Int.init)
            contentType = headers["Content-Type"]
            contentEncoding = headers["Content-Encoding"]
            contentDisposition = headers["Content-Disposition"]
            cacheControl = headers["Cache-Control"]
            eTag = headers["ETag"]
            contentRange = headers["Content-Range"]
            versionID = headers["x-amz-version-id"]
            lastModified = headers["Last-Modified"].flatMap { Timestamp(httpDate: $0) }
            storageClass = headers["x-amz-storage-class"]
            checksum = ObjectChecksum(headers)?.expected
            let prefix = "x-amz-meta-"
            for field in headers.fields where field.name.lowercased().hasPrefix(prefix) {
                metadata[String(field.name.lowercased().dropFirst(prefix.count))] = field.value
            }
        }
    }
}
