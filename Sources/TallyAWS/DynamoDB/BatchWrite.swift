public import TallyMetrics

extension DynamoDB {
    /// What became of a batch of any size.
    public struct BatchWriteResult: Sendable {
        /// The writes that were not done, by table; empty when all were.
        public var unprocessedItems: [String: [WriteRequest]] = [:]
        /// Why writes were not done; `nil` when DynamoDB took no more of them, time ran out or the task was cancelled.
        ///
        /// Of the request that failed, some writes may have been done all the same; doing them again is harmless.
        public var error: ServiceError?
    }

    /// Puts and removes any number of items, each on its own.
    ///
    /// Requests of 25 writes, and of at most 16 MB, follow each other; what comes back unprocessed is sent again, with
    /// waits in between, until all is written, a few requests in a row write nothing, a request fails, or the
    /// invocation's time ends. Whatever was not written is in ``BatchWriteResult/unprocessedItems``.
    ///
    /// - Parameters:
    ///   - tables: What to write, by table; each item once.
    ///   - models: The models on whose behalf.
    /// - Returns: The writes not done, and why.
    /// - Cost: One write unit per KB of each item, and more for each index touched.
    public func batchWrite(_ tables: [String: [WriteRequest]], models: [ModelName] = []) async -> BatchWriteResult {
        var result = BatchWriteResult()
        var left = Self.flat(tables)[...]
        var run = BatchRun(client)
        while !left.isEmpty {
            let chunk = left.prefix(Self.chunkLength(of: left))
            do throws(ServiceError) {
                let output = try await batchWriteItem(Self.grouped(chunk), models: models)
                let again = Self.flat(output.unprocessedItems)
                left = left.dropFirst(chunk.count) + again
                if !again.isEmpty, !(await run.wait(afterProgress: again.count < chunk.count)) { break }
            } catch {
                result.error = error
                break
            }
        }
        result.unprocessedItems = Self.grouped(left)
        return result
    }

    private static let largestRequest = 16 << 20

    private static func chunkLength(of requests: ArraySlice<(String, WriteRequest)>) -> Int {
        var size = 0
        var count = 0
        for (_, request) in requests.prefix(25) {
            size += request.size
            if count > 0, size > largestRequest { break }
            count += 1
        }
        return count
    }

    private static func flat(_ tables: [String: [WriteRequest]]) -> [(String, WriteRequest)] {
        tables.sorted { $0.key < $1.key }.flatMap { table, requests in requests.map { (table, $0) } }
    }

    private static func grouped(_ requests: ArraySlice<(String, WriteRequest)>) -> [String: [WriteRequest]] {
        Dictionary(grouping: requests, by: \.0).mapValues { $0.map(\.1) }
    }
}
