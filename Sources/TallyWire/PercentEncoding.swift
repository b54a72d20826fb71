/// Percent encoding of URLs, as SigV4 wants it: every byte but RFC 3986's unreserved characters is encoded.
public enum PercentEncoding {
    /// Encodes one path segment, or a name or value of a query.
    ///
    /// - Parameter text: Any text.
    /// - Returns: `text` with each byte outside `A-Z a-z 0-9 - . _ ~` as `%XX`.
    public static func encodeComponent(_ text: String) -> String {
        encode(text) { isUnreserved($0) }
    }

    /// Encodes a path, such as an S3 object's key, keeping its slashes.
    ///
    /// - Parameter text: Any text.
    /// - Returns: `text` with each byte outside `A-Z a-z 0-9 - . _ ~ /` as `%XX`.
    public static func encodePath(_ text: String) -> String {
        encode(text) { isUnreserved($0) || $0 == UInt8(ascii: "/") }
    }

    /// Replaces each `%XX` by its byte; a plus sign stays a plus sign.
    ///
    /// - Parameter text: Encoded text.
    /// - Returns: The text, or `nil` when a `%` is not followed by two digits or the result is not UTF-8.
    public static func decode(_ text: String) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let character = rest.popFirst() {
            guard character == UInt8(ascii: "%") else {
                bytes.append(character)
                continue
            }
            guard let high = rest.popFirst().flatMap(Hex.value(ofDigit:)),
                let low = rest.popFirst().flatMap(Hex.value(ofDigit:))
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Encodes names and values as a query or form has them: `a=1&b=2`.
    ///
    /// - Parameter parameters: Unencoded names and values.
    /// - Returns: Both encoded, in the same order.
    package static func encodeForm(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { "\(encodeComponent($0.name))=\(encodeComponent($0.value))" }.joined(separator: "&")
    }

    /// Encodes a name or value of a query that may be encoded already, so that each spelling of it comes out as one.
    ///
    /// - Parameter text: Encoded or unencoded bytes, which need not be UTF-8; a `%` that begins no escape stands for
    ///   itself.
    /// - Returns: `text` with each byte outside `A-Z a-z 0-9 - . _ ~` as `%XX`.
    package static func recodeComponent(_ text: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3)
        var rest = text
        while var byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(Hex.value(ofDigit:)),
                let low = rest.dropFirst().first.flatMap(Hex.value(ofDigit:))
            {
                byte = high << 4 | low
                rest = rest.dropFirst(2)
            }
            append(byte, encoded: !isUnreserved(byte), to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func encode(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
        if text.utf8.allSatisfy(isKept) { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 2)
        for byte in text.utf8 { append(byte, encoded: !isKept(byte), to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ byte: UInt8, encoded: Bool, to bytes: inout [UInt8]) {
        guard encoded else {
            bytes.append(byte)
            return
        }
        bytes.append(UInt8(ascii: "%"))
        bytes.append(upperCaseDigit(byte >> 4))
        bytes.append(upperCaseDigit(byte & 0xF))
    }

    private static func upperCaseDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default:
            false
        }
    }
}
