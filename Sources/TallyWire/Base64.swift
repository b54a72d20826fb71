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
        let piece = [UInt8](unsafeUninitializedCapacity: encodedCount(bytes.count)) { buffer, count in
            count = write(bytes, to: buffer)
        }
        text.append(contentsOf: piece)
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

        let digitCount = text.count - padding
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        // Any value that is not a digit sets the high bit here, so that one test at the end serves the whole text.
        var invalid: UInt8 = 0
        return values.withUnsafeBufferPointer { values in
            for position in 0..<digitCount {
                let value = values[Int(text[position])]
                invalid |= value
                bits = bits << 6 | UInt32(value & 63)
                if position & 3 == 3 {
                    bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                    bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                    bytes.append(UInt8(truncatingIfNeeded: bits))
                }
            }
            guard invalid & 0x80 == 0 else { return nil }
            switch padding {
            case 1:
                guard bits & 0b11 == 0 else { return nil }
                bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
            case 2:
                guard bits & 0b1111 == 0 else { return nil }
                bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
            default:
                break
            }
            return bytes
        }
    }

    /// The value of each character, 0xFF for those outside the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for value in 0..<64 { values[Int(alphabet.utf8Start[value])] = UInt8(value) }
        return values
    }()
}
