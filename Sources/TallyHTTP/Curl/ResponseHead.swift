import Glibc

/// Status and headers of a response, as their lines arrive.
struct ResponseHead {
    /// What a line has brought.
    enum Step {
        case more
        /// The end of a response before the one that answers the request (100, 103).
        case interim
        case complete(status: Int, headers: Headers)
        /// A status line without a status.
        case malformed
        case tooLarge
    }

    /// 256 KiB: no server that is in order sends a tenth of it.
    static let limit = 256 << 10

    /// Bytes of all lines, interim responses included.
    private(set) var allBytes = 0
    private var bytes = 0
    private var status = 0
    private var headers = Headers()

    /// Takes a line with its end.
    mutating func receive(_ line: UnsafeRawBufferPointer) -> Step {
        bytes += line.count
        allBytes += line.count
        guard bytes <= Self.limit else { return .tooLarge }
        let end = line.firstOffset(of: UInt8(ascii: "\r")) ?? line.firstOffset(of: UInt8(ascii: "\n")) ?? line.count
        guard end > 0 else {
            guard status >= 200 else { return .interim }
            return .complete(status: status, headers: headers)
        }
        let text = UnsafeRawBufferPointer(rebasing: line[..<end])
        if text.count > 5, let start = text.baseAddress, memcmp(start, "HTTP/", 5) == 0 {
            // What came before was interim, or is repeated: not the answer.
            status = Self.status(in: text)
            headers.removeAll()
            bytes = line.count
            if status == 0 { return .malformed }
        } else if let colon = text.firstOffset(of: UInt8(ascii: ":")) {
            headers.add(UnsafeRawBufferPointer(rebasing: text[..<colon]), Self.trimmed(text[(colon + 1)...]))
        }
        return .more
    }

    /// The number behind the first space of a status line; 0 when there is none of three digits.
    private static func status(in line: UnsafeRawBufferPointer) -> Int {
        let (space, zero) = (UInt8(ascii: " "), UInt8(ascii: "0"))
        guard let start = line.firstOffset(of: space).map({ $0 + 1 }), start + 3 <= line.count else { return 0 }
        let (digits, rest) = (line[start..<(start + 3)], line[(start + 3)...])
        guard digits.allSatisfy({ $0 &- zero < 10 }), rest.first ?? space == space else { return 0 }
        return digits.reduce(0) { $0 * 10 + Int($1 - zero) }
    }

    /// A value without the blanks around it.
    private static func trimmed(_ value: UnsafeRawBufferPointer.SubSequence) -> UnsafeRawBufferPointer {
        var value = value
        while let first = value.first, isBlank(first) { value.removeFirst() }
        while let last = value.last, isBlank(last) { value.removeLast() }
        return UnsafeRawBufferPointer(rebasing: value)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
