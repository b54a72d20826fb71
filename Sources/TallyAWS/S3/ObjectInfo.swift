import TallyHTTP

extension S3 {
    /// What S3 tells of an object beside its content.
    public struct ObjectInfo: Sendable, Hashable {
        /// Bytes of content in the response; `nil` when S3 did not say.
        public var contentLength: Int?
        /// The content's media type.
        public var contentType: String?
        /// The entity tag, in its quotation marks.
        public var eTag: String?
        /// Which part of the whole the response is, such as `bytes 0-9/443`; `nil` for the whole.
        public var contentRange: String?
        /// The object's version, in a bucket that keeps versions.
        public var versionID: String?

        init(_ headers: Headers) {
            contentLength = headers["Content-Length"].flatMap(Int.init)
            contentType = headers["Content-Type"]
            eTag = headers["ETag"]
            contentRange = headers["Content-Range"]
            versionID = headers["x-amz-version-id"]
        }
    }
}
