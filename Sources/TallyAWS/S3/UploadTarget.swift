extension S3 {
    /// Where an upload goes.
    public struct UploadTarget: Sendable {
        /// The bucket's name.
        public var bucket: String
        /// The object's key.
        public var key: String
        /// What is kept beside the content.
        public var attributes: ObjectAttributes
        /// What must hold of the object that is there already; `nil` replaces it.
        public var condition: WriteCondition?
        /// The checksum that S3 compares the content with.
        public var checksumAlgorithm = ChecksumAlgorithm.crc64NVME

        /// Creates a target.
        ///
        /// - Parameters:
        ///   - bucket: The bucket's name.
        ///   - key: The object's key.
        ///   - contentType: The content's media type.
        ///   - condition: What must hold of the object that is there already.
        public init(
            bucket: String, key: String, contentType: String = "application/octet-stream",
            condition: WriteCondition? = nil
        ) {
            self.bucket = bucket
            self.key = key
            attributes = ObjectAttributes(contentType: contentType)
            self.condition = condition
        }
    }
}
