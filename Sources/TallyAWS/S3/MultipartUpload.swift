extension S3 {
    /// An upload in parts that has begun.
    public struct MultipartUpload: Sendable {
        /// Where it goes.
        public var target: UploadTarget
        /// The id that S3 gave it.
        public var id: String

        /// Takes up an upload that has begun earlier.
        ///
        /// - Parameters:
        ///   - target: Where it goes.
        ///   - id: The id that S3 gave it.
        public init(target: UploadTarget, id: String) {
            self.target = target
            self.id = id
        }
    }
}
