import TallyHTTP
import TallyWire

extension S3 {
    /// What is kept with an object beside its content.
    public struct ObjectAttributes: Sendable, Hashable {
        /// The content's media type.
        public var contentType: String
        /// How the content is encoded, such as `gzip`.
        public var contentEncoding: String?
        /// What browsers do with the content, such as `attachment; filename="report.pdf"`.
        public var contentDisposition: String?
        /// The content's language, such as `de`.
        public var contentLanguage: String?
        /// How long answers may be kept, such as `max-age=3600`.
        public var cacheControl: String?
        /// Names and values of the user's own: ASCII, at most 2 KB altogether.
        public var metadata: [String: String] = [:]
        /// Names and values to find and to bill the object by: at most 10.
        public var tags: [String: String] = [:]
        /// Such as `STANDARD_IA` or `GLACIER_IR`; `nil` for `STANDARD`.
        public var storageClass: String?
        /// The KMS key with which S3 encrypts the object; `nil` for the bucket's way.
        public var encryptionKey: String?

        /// Creates attributes.
        ///
        /// - Parameter contentType: The content's media type.
        public init(contentType: String = "application/octet-stream") {
            self.contentType = contentType
        }

        func headers() throws(InvalidInput) -> Headers {
            var headers: Headers = ["Content-Type": contentType]
            func add(_ name: String, _ value: String?) {
                if let value { headers.add(name, value) }
            }
            add("Content-Encoding", contentEncoding)
            add("Content-Disposition", contentDisposition)
            add("Content-Language", contentLanguage)
            add("Cache-Control", cacheControl)
            add("x-amz-storage-class", storageClass)
            if let encryptionKey {
                add("x-amz-server-side-encryption", "aws:kms")
                add("x-amz-server-side-encryption-aws-kms-key-id", encryptionKey)
            }
            for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
                guard (name + value).utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), !name.isEmpty else {
                    throw InvalidInput(
                        message: "the metadata \"\(name)\" is not printable ASCII. Encode it, in base64 for instance.")
                }
                add("x-amz-meta-\(name)", value)
            }
            if !tags.isEmpty {
                try InvalidInput.check(tags.count, in: 1...10, "tags")
                add(
                    "x-amz-tagging",
                    PercentEncoding.encodeForm(tags.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }))
            }
            return headers
        }
    }
}
