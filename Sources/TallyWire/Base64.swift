/// Base 64 with the standard alphabet and padding (RFC 4648 section 4).
public enum Base64 {
    /// Returns the text that stands for `bytes`.
    ///
    /// - Parameter bytes: The bytes.
    /// - Returns: Four characters for each three bytes, the last group padded.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        bytes.withBytes { source in
            String(unsafeUninitializedCapacity: encodedCount(source.count)) { write(source, to: $0) }
        }
    }

    /// Returns the bytes that `text` stands for.
    ///
    /// - Parameter text: Base 64, padded, without white space.
    /// - Returns: The bytes, or `nil` for any other character, a missing or misplaced padding, or stray bits before
    ///   the padding: each value has exactly one text.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(text.utf8)
    }

    /// Returns the bytes that a text at hand as ASCII stands for.
    ///
    /// - Parameter text: Base 64, padded, without white space.
    /// - Returns: The bytes, or `nil` when `text` is not base 64 in its one canonical form.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        text.withBytes(decode(bytes:))
    }

    // MARK: - Encoding

    static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        text += [UInt8](room: encodedCount(bytes.count)) { write(bytes, to: $0) }
    }

    private static func encodedCount(_ count: Int) -> Int {
        (count + 2) / 3 * 4
    }

    /// Fills `text`, which must have room for ``encodedCount(_:)``, and returns the number of characters.
    private static func write(_ bytes: UnsafeRawBufferPointer, to text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        // SAFETY: each group of three bytes (the last may be short) writes the four characters counted for it.
        alphabet.utf8Start.withMemoryRebound(to: UInt8.self, capacity: 64) { alphabet in
            var target = 0
            var source = 0
            func put(_ index: UInt32) {
                text.initializeElement(at: target, to: alphabet[Int(index & 63)])
                target += 1
            }
            while source + 3 <= bytes.count {
                let group = UInt32(bytes[source]) << 16 | UInt32(bytes[source + 1]) << 8 | UInt32(bytes[source + 2])
                put(group >> 18)
                put(group >> 12)
                put(group >> 6)
                put(group)
                source += 3
            }
            let rest = bytes.count - source
            if rest > 0 {
                let second = rest == 2 ? UInt32(bytes[source + 1]) << 8 : 0
                let group = UInt32(bytes[source]) << 16 | second
                put(group >> 18)
                put(group >> 12)
                if rest == 2 { put(group >> 6) }
                for _ in rest..<3 {
                    text.initializeElement(at: target, to: UInt8(ascii: "="))
                    target += 1
                }
            }
            return target
        }
    }

    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    // MARK: - Decoding

    private static func decode(bytes text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var padding = 0
        while padding < min(2, text.count), text[text.count - 1 - padding] == UInt8(ascii: "=") { padding += 1 }

        let byteCount = text.count / 4 * 3 - padding
        var isValid = false
        let bytes = [UInt8](room: byteCount) { bytes in
            isValid = values.withUnsafeBufferPointer { read(text, padding: padding, values: $0, to: bytes) }
            return isValid ? byteCount : 0
        }
        return isValid ? bytes : nil
    }

    /// Fills `bytes`, which must have room for three bytes of each group less the padding, and returns whether the text
    /// is valid.
    private static func read(
        _ text: UnsafeRawBufferPointer, padding: Int, values: UnsafeBufferPointer<UInt8>,
        to bytes: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        // A value that is no digit has its highest bit set, so that one test at the end serves the whole text.
        var seen: UInt8 = 0
        func digit(_ position: Int) -> UInt32 {
            let value = values[Int(text[position])]
            seen |= value
            return UInt32(value & 63)
        }
        let wholeCount = padding == 0 ? text.count : text.count - 4
        var target = 0
        for position in stride(from: 0, to: wholeCount, by: 4) {
            let group =
                digit(position) << 18 | digit(position + 1) << 12 | digit(position + 2) << 6 | digit(position + 3)
            bytes.initializeElement(at: target, to: UInt8(truncatingIfNeeded: group >> 16))
            bytes.initializeElement(at: target + 1, to: UInt8(truncatingIfNeeded: group >> 8))
            bytes.initializeElement(at: target + 2, to: UInt8(truncatingIfNeeded: group))
            target += 3
        }
        // Bits of the last group that no byte takes must be zero.
        switch padding {
        case 1:
            let group = digit(wholeCount) << 12 | digit(wholeCount + 1) << 6 | digit(wholeCount + 2)
            bytes.initializeElement(at: target, to: UInt8(truncatingIfNeeded: group >> 10))
            bytes.initializeElement(at: target + 1, to: UInt8(truncatingIfNeeded: group >> 2))
            return seen & 0x80 == 0 && group & 0b11 == 0
        case 2:
            let group = digit(wholeCount) << 6 | digit(wholeCount + 1)
            bytes.initializeElement(at: target, to: UInt8(truncatingIfNeeded: group >> 4))
            return seen & 0x80 == 0 && group & 0b1111 == 0
        default:
            return seen & 0x80 == 0
        }
    }

    /// The value of each character, 0xFF for those outside the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for value in 0..<64 { values[Int(alphabet.utf8Start[value])] = UInt8(value) }
        return values
    }()
}
