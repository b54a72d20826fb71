import Glibc

/// Status and headers of a response, as their lines arrive.
struct ResponseHead {
    /// What a line has brought.
    enum Step {
        case more
        /// The end of a response before the one that answers the request (100, 103).
        case interim
        case complete(status: Int, headers: Headers)
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
        var end = line.firstOffset(of: 13) ?? line.firstOffset(of: 10) ?? line.count
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
        } else if let colon = text.firstOffset(of: UInt8(ascii: ":")) {
            var start = colon + 1
            while start < end, text[start] == 32 || text[start] == 9 { start += 1 }
            while end > start, text[end - 1] == 32 || text[end - 1] == 9 { end -= 1 }
            headers.add(
                UnsafeRawBufferPointer(rebasing: text[..<colon]), UnsafeRawBufferPointer(rebasing: text[start..<end]))
        }
        return .more
    }

    /// The number behind the first space of a status line; 0 when there is none of three digits.
    private static func status(in line: UnsafeRawBufferPointer) -> Int {
        guard let space = line.firstOffset(of: 32), space + 3 < line.count else { return 0 }
        let digits = line[(space + 1)...(space + 3)]
        guard digits.allSatisfy({ $0 &- 48 < 10 }) else { return 0 }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}
