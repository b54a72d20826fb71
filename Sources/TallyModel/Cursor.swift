import TallyAWS
import TallyWire

/// Where a page ended, to go on from there: in this process, or as text in another request.
public struct Cursor: Sendable, LosslessStringConvertible {
    let key: WireItem

    init(_ key: WireItem) {
        self.key = key
    }

    /// Reads a cursor from its text.
    ///
    /// - Parameter description: What another cursor's ``description`` was. `nil` comes of anything else.
    public init?(_ description: String) {
        guard let bytes = Hex.decode(description) else { return nil }
        let key = WireItem(bytes: bytes)
        guard let item = try? key.item(), !item.isEmpty else { return nil }
        self.init(key)
    }

    /// The cursor as text, safe in a URL.
    ///
    /// It holds the key of an item in the clear.
    public var description: String {
        Hex.encode(key.bytes)
    }
}
