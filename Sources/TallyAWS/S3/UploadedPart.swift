extension S3 {
    /// One part of an upload that S3 has accepted.
    public struct UploadedPart: Sendable, Hashable {
        /// The part's number, from 1.
        public var number: Int
        /// The part's entity tag, in its quotation marks.
        public var eTag: String
        /// The part's checksum in base64; `nil` where S3 does not tell it.
        public var checksum: String?
        /// The part's length in bytes.
        public var size: Int

        /// Creates the account of a part.
        ///
        /// - Parameters:
        ///   - number: The part's number, from 1.
        ///   - eTag: The part's entity tag, in its quotation marks.
        ///   - checksum: The part's checksum in base64.
        ///   - size: The part's length in bytes.
        public init(number: Int, eTag: String, checksum: String?, size: Int) {
            self.number = number
            self.eTag = eTag
            self.checksum = checksum
            self.size = size
        }
    }
}
