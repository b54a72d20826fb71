/// Finds where a JSON string stops being plain, eight bytes at a time.
enum JSONScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Returns the offset of the first byte at or after `start` that is a quotation mark, a backslash or a control
    /// character (and, when asked for, of a non-ASCII character), or the count when there is none.
    @inline(__always)
    static func plainRun(in bytes: UnsafeRawBufferPointer, from start: Int, stopsAtNonASCII: Bool) -> Int {
        var position = start
        // SAFETY: each load ends at or before bytes.count.
        while position &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            // Exact for the lowest marked byte, the only one used: a borrow can only begin at a marked byte.
            let marks =
                (word &- ones &* 0x20) | ((word ^ ones &* 0x22) &- ones) | ((word ^ ones &* 0x5C) &- ones)
            let hits = stopsAtNonASCII ? (marks | word) & highBits : marks & ~word & highBits
            if hits != 0 { return position &+ hits.trailingZeroBitCount / 8 }
            position &+= 8
        }
        while position < bytes.count, isPlain(bytes[position], stopsAtNonASCII: stopsAtNonASCII) { position &+= 1 }
        return position
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8, stopsAtNonASCII: Bool) -> Bool {
        byte >= 0x20 && byte != 0x22 && byte != 0x5C && !(stopsAtNonASCII && byte >= 0x80)
    }

    /// Returns the length of the UTF-8 sequence of a non-ASCII character at `position`, or `nil` when the bytes there
    /// are not one: overlong, a surrogate, beyond U+10FFFF or cut short.
    static func sequenceLength(in bytes: UnsafeRawBufferPointer, at position: Int) -> Int? {
        func isContinuation(_ distance: Int, in range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            position + distance < bytes.count && range.contains(bytes[position + distance])
        }
        // The table of well-formed sequences, Unicode 16 section 3.9, table 3-7.
        switch bytes[position] {
        case 0xC2...0xDF:
            return isContinuation(1) ? 2 : nil
        case 0xE0...0xEF:
            let second: ClosedRange<UInt8> =
                switch bytes[position] {
                case 0xE0: 0xA0...0xBF
                case 0xED: 0x80...0x9F
                default: 0x80...0xBF
                }
            return isContinuation(1, in: second) && isContinuation(2) ? 3 : nil
        case 0xF0...0xF4:
            let second: ClosedRange<UInt8> =
                switch bytes[position] {
                case 0xF0: 0x90...0xBF
                case 0xF4: 0x80...0x8F
                default: 0x80...0xBF
                }
            return isContinuation(1, in: second) && isContinuation(2) && isContinuation(3) ? 4 : nil
        default:
            return nil
        }
    }
}
