public import TallyMetrics

extension DynamoDB {
    /// What a batch of any size found.
    public struct BatchGetResult: Sendable {
        /// The items that are there, by table and in no particular order.
        public var items: [String: [WireItem]] = [:]
        /// The keys that were not read, by table; empty when all were.
        public var unprocessedKeys: [String: BatchKeys] = [:]
        /// Why keys were not read; `nil` when DynamoDB took no more of them, time ran out or the task was cancelled.
        public var error: ServiceError?
    }

    /// Reads any number of items by their keys.
    ///
    /// Requests of 100 keys follow each other; what comes back unprocessed is asked for again, with waits in between,
    /// until all is read, a few requests in a row read nothing, a request fails, or the invocation's time ends.
    /// Whatever was not read is in ``BatchGetResult/unprocessedKeys``: nothing is ever left out silently.
    ///
    /// - Parameters:
    ///   - tables: What to read, by table; each key once.
    ///   - models: The models on whose behalf.
    /// - Returns: The items found and the keys not read.
    /// - Cost: One read unit per 4 KB of each item; half when not consistent.
    public func batchGet(_ tables: [String: BatchKeys], models: [ModelName] = []) async -> BatchGetResult {
        var result = BatchGetResult()
        var left = tables.sorted { $0.key < $1.key }.flatMap { table, keys in keys.keys.map { (table, $0) } }[...]
        var run = BatchRun(client)
        func batch(_ keys: ArraySlice<(String, WireItem)>) -> [String: BatchKeys] {
            Dictionary(grouping: keys, by: \.0).reduce(into: [:]) { batch, group in
                batch[group.key] = tables[group.key]
                batch[group.key]?.keys = group.value.map(\.1)
            }
        }
        while !left.isEmpty {
            let chunk = left.prefix(100)
            do throws(ServiceError) {
                let output = try await batchGetItem(batch(chunk), models: models)
                result.items.merge(output.items) { $0 + $1 }
                let again = output.unprocessedKeys.sorted { $0.key < $1.key }
                    .flatMap { table, keys in keys.keys.map { (table, $0) } }
                left = left.dropFirst(chunk.count) + again
                if !again.isEmpty, !(await run.wait(afterProgress: again.count < chunk.count)) { break }
            } catch {
                result.error = error
                break
            }
        }
        result.unprocessedKeys = batch(left)
        return result
    }
}
