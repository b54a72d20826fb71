import TallyWire

/// The ids of invocations.
package enum RequestID {
    /// A UUID of version 4, from the system's source of randomness.
    ///
    /// - Returns: The id, 36 characters.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc9562#section-5.4>
    package static func random() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        return [bytes[..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10...]]
            .map { Hex.encode($0) }.joined(separator: "-")
    }
}
