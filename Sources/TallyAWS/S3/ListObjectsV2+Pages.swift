public import TallyMetrics

extension S3 {
    /// Lists all objects that a list begins with, page after page.
    ///
    ///     for try await object in s3.objects(.init(bucket: "reports", prefix: "2026/")) { keys.append(object.key) }
    ///
    /// - Parameters:
    ///   - input: What to list.
    ///   - models: The models on whose behalf.
    /// - Returns: The objects, in the order of their keys' bytes.
    public func objects(
        _ input: ListObjectsInput, models: [ModelName] = []
    ) -> AsyncThrowingStream<ListedObject, any Error> {
        let pages = ObjectPages(s3: self, input: input, models: models)
        return AsyncThrowingStream { try await pages.next() }
    }
}

/// Walks through the pages of a list.
private actor ObjectPages {
    private let s3: S3
    private let models: [ModelName]
    private var input: S3.ListObjectsInput
    private var page: ArraySlice<S3.ListedObject> = []
    private var isOver = false

    init(s3: S3, input: S3.ListObjectsInput, models: [ModelName]) {
        self.s3 = s3
        self.input = input
        self.models = models
    }

    func next() async throws -> S3.ListedObject? {
        // A page may hold prefixes only.
        while page.isEmpty, !isOver {
            let output = try await s3.listObjectsV2(input, models: models)
            page = output.objects[...]
            input.continuationToken = output.nextContinuationToken
            isOver = output.nextContinuationToken == nil
        }
        return page.popFirst()
    }
}
