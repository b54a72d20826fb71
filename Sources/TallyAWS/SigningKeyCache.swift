import Synchronization
import TallyWire

/// The signing keys derived lately: one derivation is four HMACs, and a key serves a whole day.
final class SigningKeyCache: Sendable {
    private struct Entry {
        let secret: String
        let date: String
        let region: Region
        let service: String
        let key: [UInt8]
    }

    // Room for a few identities at once (assumed roles), and for both sides of midnight.
    private static let capacity = 4
    private let entries = Mutex<[Entry]>([])

    /// The number of keys at hand.
    var count: Int { entries.withLock(\.count) }

    func key(secret: String, date: String, region: Region, service: String) -> [UInt8] {
        entries.withLock { entries in
            if let hit = entries.first(where: {
                $0.date == date && $0.secret == secret && $0.service == service && $0.region == region
            }) {
                return hit.key
            }
            let key = Self.derive(secret: secret, date: date, region: region, service: service)
            if entries.count == Self.capacity { entries.removeFirst() }
            entries.append(Entry(secret: secret, date: date, region: region, service: service, key: key))
            return key
        }
    }

    private static func derive(secret: String, date: String, region: Region, service: String) -> [UInt8] {
        var key = Array("AWS4\(secret)".utf8)
        for part in [date, region.name, service, "aws4_request"] {
            key = HMACSHA256.authenticate(Array(part.utf8), key: key)
        }
        return key
    }
}
