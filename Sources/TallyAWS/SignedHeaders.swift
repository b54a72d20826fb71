package import TallyHTTP

/// The headers that a signature covers, in canonical form: names in lower case and sorted, white space collapsed,
/// fields of one name joined by commas.
package struct SignedHeaders {
    private var fields: [(name: String, value: String)]
    /// The names joined by semicolons.
    package let names: String
    /// The length of what ``append(to:)`` appends.
    var byteCount: Int { fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 2 } }

    // Left out: what the transport or a proxy may add or change on the way, such as every field that RFC 9110
    // section 7.6.1 has for one connection only.
    private static let unsigned: Set<String> = [
        "authorization", "connection", "expect", "host", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    ]

    package init(_ headers: Headers, host: Substring) {
        var fields: [(name: String, value: String)] = [("host", String(host))]
        let sent = headers.fields
        fields.reserveCapacity(sent.count + 1)
        for field in sent {
            let name = field.name.lowercased()
            guard !Self.unsigned.contains(name) else { continue }
            let value = Self.collapsed(field.value)
            // Order among fields of one name is meaning, so they are joined before anything is sorted.
            if let index = fields.firstIndex(where: { $0.name == name }) {
                fields[index].value += ",\(value)"
            } else {
                fields.append((name, value))
            }
        }
        fields.sort { $0.name < $1.name }
        names = fields.map(\.name).joined(separator: ";")
        self.fields = fields
    }

    package func append(to text: inout [UInt8]) {
        for field in fields {
            text.append(contentsOf: field.name.utf8)
            text.append(UInt8(ascii: ":"))
            text.append(contentsOf: field.value.utf8)
            text.append(UInt8(ascii: "\n"))
        }
    }

    private static func collapsed(_ value: String) -> String {
        // Nearly every value is in canonical form already; looking at its storage costs a tenth of iterating it.
        var value = value
        guard !value.withUTF8(isCollapsed) else { return value }
        return value.utf8.split(whereSeparator: isSpace).map { String(Substring($0)) }.joined(separator: " ")
    }

    private static func isCollapsed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // Without an exit the loop takes 32 bytes at a time: a session token has a thousand, and no space.
        var lowest = UInt8.max
        for byte in bytes { lowest = min(lowest, byte) }
        if lowest > 0x20 { return true }
        var previousIsSpace = true
        for byte in bytes {
            let space = isSpace(byte)
            if space && (previousIsSpace || byte != 0x20) { return false }
            previousIsSpace = space
        }
        return !previousIsSpace || bytes.isEmpty
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte &- 9 < 5
    }
}
