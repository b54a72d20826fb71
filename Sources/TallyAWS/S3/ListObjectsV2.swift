import TallyHTTP
public import TallyMetrics
public import TallyWire

extension S3 {
    /// What ``S3/listObjectsV2(_:models:)`` lists.
    public struct ListObjectsInput: Sendable {
        /// The bucket's name.
        public var bucket: String
        /// What the keys begin with.
        public var prefix: String?
        /// A text, `/` most often: of the keys that have it after the prefix, only what comes before is listed, once.
        public var delimiter: String?
        /// A key; only keys after it are listed.
        public var startAfter: String?
        /// The most keys and prefixes of a page, 1 to 1,000.
        public var maximumKeys: Int?
        /// Where the page before this one ended.
        public var continuationToken: String?

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - bucket: The bucket's name.
        ///   - prefix: What the keys begin with.
        ///   - delimiter: What stands between folders, so to speak.
        ///   - startAfter: A key; only keys after it are listed.
        ///   - maximumKeys: The most keys and prefixes of a page, 1 to 1,000.
        ///   - continuationToken: Where the page before this one ended.
        public init(
            bucket: String, prefix: String? = nil, delimiter: String? = nil, startAfter: String? = nil,
            maximumKeys: Int? = nil, continuationToken: String? = nil
        ) {
            self.bucket = bucket
            self.prefix = prefix
            self.delimiter = delimiter
            self.startAfter = startAfter
            self.maximumKeys = maximumKeys
            self.continuationToken = continuationToken
        }
    }

    /// One object in a list.
    public struct ListedObject: Sendable, Hashable {
        /// The object's key.
        public var key: String
        /// The content's length in bytes.
        public var size: Int
        /// The entity tag, in its quotation marks.
        public var eTag: String?
        /// When the object was stored.
        public var lastModified: Timestamp?
        /// The storage class.
        public var storageClass: String?
    }

    /// One page of a bucket's objects.
    public struct ListObjectsOutput: Sendable, Hashable {
        /// The objects, in the order of their keys' bytes.
        public var objects: [ListedObject] = []
        /// What comes before the delimiter, of keys that have it.
        public var commonPrefixes: [String] = []
        /// Where the next page begins; `nil` on the last.
        public var nextContinuationToken: String?
    }

    /// Lists objects of a bucket, up to 1,000.
    ///
    /// - Parameters:
    ///   - input: What to list.
    ///   - models: The models on whose behalf.
    /// - Returns: One page.
    /// - Throws: ``ServiceError`` when S3 refuses or retries run out.
    /// - Cost: One LIST request, which is paid like a PUT.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
    public func listObjectsV2(
        _ input: ListObjectsInput, models: [ModelName] = []
    ) async throws(ServiceError) -> ListObjectsOutput {
        if let count = input.maximumKeys {
            try valid("ListObjectsV2", input.bucket) { () throws(InvalidInput) in
                try InvalidInput.check(count, in: 1...1_000, "keys")
            }
        }
        let call = try call(
            "ListObjectsV2", .get, bucket: input.bucket,
            query: [
                ("continuation-token", input.continuationToken), ("delimiter", input.delimiter),
                ("encoding-type", "url"), ("list-type", "2"), ("max-keys", input.maximumKeys.map { "\($0)" }),
                ("prefix", input.prefix), ("start-after", input.startAfter),
            ], models: models
        )
        return try await client.send(call) { (response, record) throws(ServiceError) in
            let document = try Self.document(response, "ListBucketResult", of: call)
            let output = ListObjectsOutput(
                objects: document.all("Contents").map { object in
                    ListedObject(
                        key: Self.decoded(object["Key"] ?? "", in: document),
                        size: object["Size"].flatMap { Int($0) } ?? 0, eTag: object["ETag"],
                        lastModified: object["LastModified"].flatMap { Timestamp(iso8601: $0) },
                        storageClass: object["StorageClass"])
                },
                commonPrefixes: document.all("CommonPrefixes").compactMap { $0["Prefix"] }
                    .map { Self.decoded($0, in: document) },
                nextContinuationToken: document["IsTruncated"] == "true" ? document["NextContinuationToken"] : nil)
            record.itemCount = output.objects.count
            return output
        }
    }
}
