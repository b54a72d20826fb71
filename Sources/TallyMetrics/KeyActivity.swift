/// What the calls for one item were; the item's key appears as a hash only.
public struct KeyActivity: Sendable, Hashable {
    /// The table's name.
    public let table: String
    /// The first 16 hexadecimal digits of an HMAC of the key: the same for the same item, whichever process calls.
    public let keyHash: String
    /// Calls for the item.
    public internal(set) var calls = 0
    /// Attempts of them that were throttled because of the item's partition.
    public internal(set) var throttles = 0

    init(table: String, keyHash: String) {
        self.table = table
        self.keyHash = keyHash
    }

    /// The hottest first.
    static func precedes(_ left: KeyActivity, _ right: KeyActivity) -> Bool {
        if left.throttles != right.throttles { return left.throttles > right.throttles }
        if left.calls != right.calls { return left.calls > right.calls }
        return (left.table, left.keyHash) < (right.table, right.keyHash)
    }
}
