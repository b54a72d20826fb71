/// A few values by key, in the order in which the keys came.
///
/// In place of a dictionary where the same few keys come again and again: comparing one with each takes less than
/// hashing its texts. Keys and values are apart, since whoever looks at a pair of them copies both.
struct SmallTable<Key: Equatable & Sendable, Value: Sendable>: Sendable {
    private(set) var keys: [Key] = []
    private(set) var values: [Value] = []

    var count: Int { keys.count }

    subscript(key: Key) -> Value? { keys.firstIndex(of: key).map { values[$0] } }

    /// Changes the value of a key.
    ///
    /// - Returns: Whether there is one.
    mutating func update(_ key: Key, _ change: (inout Value) -> Void) -> Bool {
        guard let index = keys.firstIndex(of: key) else { return false }
        change(&values[index])
        return true
    }

    /// Changes the value of a key, which begins as `initial`.
    ///
    /// - Returns: Whether there was one, or room for it.
    @discardableResult
    mutating func update(
        _ key: Key, from initial: @autoclosure () -> Value, upTo limit: Int = .max, _ change: (inout Value) -> Void
    ) -> Bool {
        if update(key, change) { return true }
        guard count < limit else { return false }
        keys.append(key)
        values.append(initial())
        change(&values[count - 1])
        return true
    }
}

extension SmallTable where Key: Hashable {
    init(_ values: [Key: Value]) {
        keys = Array(values.keys)
        self.values = Array(values.values)
    }

    var dictionary: [Key: Value] { Dictionary(uniqueKeysWithValues: zip(keys, values)) }
}

// The order says only who came first.
extension SmallTable: Equatable where Key: Hashable, Value: Equatable {
    static func == (left: SmallTable, right: SmallTable) -> Bool { left.dictionary == right.dictionary }
}

extension SmallTable: Hashable where Key: Hashable, Value: Hashable {
    func hash(into hasher: inout Hasher) { hasher.combine(dictionary) }
}
