import TallyMetrics
import TallyWire

/// The key of the one item that a call is for, kept as it was written until somebody asks for its hash.
package struct ItemKey: Sendable {
    /// The key, or the item that it is part of.
    let item: WireItem
    /// The attributes that are the key; `nil` when all of the item's are.
    let attributes: [String]?

    init(_ item: WireItem, attributes: [String]? = nil) {
        self.item = item
        self.attributes = attributes
    }

    /// 16 hexadecimal digits that stand for the key: an HMAC with the table's name, so that a key that is in two tables
    /// is not seen to be.
    ///
    /// - Parameter table: The table's name.
    /// - Returns: The digits; `nil` when the item is none or lacks an attribute of its key.
    func hash(in table: String) -> String? {
        guard var key = try? item.item() else { return nil }
        if let attributes {
            key = key.filter { attributes.contains($0.key) }
            guard key.count == attributes.count else { return nil }
        }
        var json = JSONWriter()
        key.write(to: &json)
        return Hex.encode(HMACSHA256.authenticate(json.bytes, key: Array(table.utf8)).prefix(8))
    }
}
