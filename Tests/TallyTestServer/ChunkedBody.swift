/// A chunked body as it was received (RFC 9112 section 7.1).
struct ChunkedBody {
    /// The bytes of all chunks.
    var bytes: [UInt8] = []
    /// The sizes of the chunks.
    var sizes: [Int] = []
    /// The lines behind the last chunk.
    var trailers: [String] = []
    /// Where what follows the body begins.
    private(set) var end: Int

    /// Reads a body; `nil` while it is not complete.
    init?(_ buffer: ArraySlice<UInt8>) {
        end = buffer.startIndex
        while true {
            guard let line = Self.line(buffer, &end), let size = Int(line, radix: 16) else { return nil }
            if size == 0 { break }
            guard buffer.endIndex >= end + size + 2 else { return nil }
            bytes += buffer[end..<(end + size)]
            sizes.append(size)
            end += size + 2
        }
        while true {
            guard let line = Self.line(buffer, &end) else { return nil }
            if line.isEmpty { return }
            trailers.append(line)
        }
    }

    private static func line(_ buffer: ArraySlice<UInt8>, _ start: inout Int) -> String? {
        guard let end = buffer[start...].firstRange(of: [13, 10]) else { return nil }
        defer { start = end.upperBound }
        return String(decoding: buffer[start..<end.lowerBound], as: UTF8.self)
    }
}
