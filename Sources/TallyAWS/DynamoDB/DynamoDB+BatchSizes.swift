import TallyMetrics

extension DynamoDB {
    /// Notes the size of each item that a batch read: the batch is one call, and its items are as many.
    static func noteSizes(of items: some Sequence<WireItem>, for models: [ModelName]) {
        guard let scope = MetricsScope.current, scope.isRecording else { return }
        // Whose of several models an item is, its table would tell to a store, and nobody here.
        let model = models.count == 1 ? models[0] : nil
        for item in items { scope.note(item.bytes.count, of: .itemSize, for: model) }
    }

    /// Notes the size of each item that a batch put, without those that were not done.
    static func noteSizes(
        ofPuts requests: [String: [WriteRequest]], except rest: [String: [WriteRequest]], for models: [ModelName]
    ) {
        guard MetricsScope.current?.isRecording == true else { return }
        let done = requests.flatMap { table, requests in
            // As values, since DynamoDB writes an item's attributes in an order of its own.
            var undone = (rest[table] ?? []).compactMap { try? $0.item?.item() }
            return requests.compactMap(\.item).filter { item in
                guard !undone.isEmpty, let value = try? item.item(), let index = undone.firstIndex(of: value) else {
                    return true
                }
                undone.remove(at: index)
                return false
            }
        }
        noteSizes(of: done, for: models)
    }
}
