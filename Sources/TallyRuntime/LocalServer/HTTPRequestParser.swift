import TallyHTTP

/// Takes an HTTP/1.1 request apart as its bytes arrive.
///
/// It gives out one event after another when it is asked, so that whoever reads decides when the next request begins.
/// It holds no more than one line beside the bytes of the last read; its time is linear in the bytes, however they are
/// cut up.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc9112>
struct HTTPRequestParser {
    /// What has arrived.
    enum Event {
        case head(HTTPRequestHead)
        /// Bytes of the body, at least one.
        case body(ArraySlice<UInt8>)
        /// The end of the request, with the fields behind a chunked body.
        case end(trailers: Headers)
        /// No request; nothing that follows can be understood.
        case refused(HTTPRefusal)
    }

    private enum State {
        case requestLine
        case fields
        case body(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailers
        case refused
    }

    /// 64 KiB, for the request line and all header fields; trailers may have as many again.
    static let headLimit = 64 << 10
    /// A size has 16 digits at most; the rest is for extensions, which mean nothing here.
    static let chunkLineLimit = 4 << 10

    private var buffer: [UInt8] = []
    private var start = 0
    // Where the end of the current line has not been looked for yet.
    private var unsearched = 0
    private var state = State.requestLine
    private var head: HTTPRequestHead?
    private var trailers = Headers()
    private var fieldBytes = 0

    /// Takes bytes; ask ``next()`` until it has no event before there are further ones.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        if start > 0 {
            buffer.removeSubrange(..<start)
            unsearched -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next event; `nil` when it takes further bytes.
    mutating func next() -> Event? {
        do throws(HTTPRefusal) {
            return try advance()
        } catch {
            state = .refused
            return .refused(error)
        }
    }

    private mutating func advance() throws(HTTPRefusal) -> Event? {
        while true {
            switch state {
            case .requestLine:
                guard let line = try fieldLine() else { return nil }
                // Some clients send an empty line behind a body.
                if line.isEmpty { continue }
                head = try HTTPRequestHead(requestLine: line)
                state = .fields
            case .fields:
                guard let line = try fieldLine() else { return nil }
                if line.isEmpty { return .head(try takeHead()) }
                head?.headers.add(try Self.field(line))
            case .body(let left):
                if left == 0 { return end() }
                guard let piece = take(upTo: left) else { return nil }
                state = .body(left: left - piece.count)
                return .body(piece)
            case .chunkSize:
                guard let line = try line(upTo: Self.chunkLineLimit, or: Self.longChunkLine) else { return nil }
                let size = try Self.chunkSize(line)
                state = size == 0 ? .trailers : .chunk(left: size)
            case .chunk(let left):
                guard let piece = take(upTo: left) else { return nil }
                state = left == piece.count ? .chunkEnd : .chunk(left: left - piece.count)
                return .body(piece)
            case .chunkEnd:
                guard try line(upTo: 2, or: Self.longChunk) != nil else { return nil }
                state = .chunkSize
            case .trailers:
                guard let line = try fieldLine() else { return nil }
                if line.isEmpty { return end() }
                trailers.add(try Self.field(line))
            case .refused: return nil
            }
        }
    }

    private mutating func takeHead() throws(HTTPRefusal) -> HTTPRequestHead {
        guard var head = head.take() else { throw .malformed("request: headers without a request line") }
        try head.settle()
        switch head.framing {
        case .length(let count): state = .body(left: count)
        case .chunked: state = .chunkSize
        }
        fieldBytes = 0
        return head
    }

    private mutating func end() -> Event {
        state = .requestLine
        fieldBytes = 0
        defer { trailers = Headers() }
        return .end(trailers: trailers)
    }

    // MARK: - Bytes

    private mutating func take(upTo count: Int) -> ArraySlice<UInt8>? {
        guard start < buffer.count else { return nil }
        let piece = buffer[start...].prefix(count)
        start = piece.endIndex
        unsearched = start
        return piece
    }

    private mutating func fieldLine() throws(HTTPRefusal) -> ArraySlice<UInt8>? {
        let lineStart = start
        let line = try line(upTo: Self.headLimit - fieldBytes, or: Self.longHead)
        fieldBytes += start - lineStart
        return line
    }

    /// Takes a line.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that it may have, its end included.
    ///   - refusal: What to throw of a longer one.
    /// - Returns: The line without its end; `nil` while that is missing.
    /// - Throws: ``HTTPRefusal`` of a line that is longer or has another end.
    private mutating func line(upTo limit: Int, or refusal: HTTPRefusal) throws(HTTPRefusal) -> ArraySlice<UInt8>? {
        let feed = buffer[unsearched...].firstIndex(of: UInt8(ascii: "\n"))
        unsearched = feed.map { $0 + 1 } ?? buffer.count
        // One without an end in sight takes at least one byte more.
        guard unsearched - start <= (feed == nil ? limit - 1 : limit) else { throw refusal }
        guard let feed else { return nil }
        guard feed > start, buffer[feed - 1] == UInt8(ascii: "\r") else {
            throw .malformed("line: a line feed without a carriage return before it")
        }
        defer { start = feed + 1 }
        return buffer[start..<(feed - 1)]
    }

    private static let longHead = HTTPRefusal(
        status: 431, message: "headers: more than \(headLimit) bytes. Send fewer or shorter ones")
    private static let longChunkLine = HTTPRefusal.malformed("chunk: more than \(chunkLineLimit) bytes before its data")
    private static let longChunk = HTTPRefusal.malformed("chunk: more bytes than its size says")

    private static func field(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) -> Headers.Field {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line[..<colon].isToken else {
            throw .malformed("header: not a name, a colon and a value")
        }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        let value = line[(colon + 1)...]
        guard value.isFieldValue else { throw .malformed("header \(name): a control character in its value") }
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let end = value.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? value.startIndex
        return Headers.Field(name, String(decoding: value[..<end].drop(while: isBlank), as: UTF8.self))
    }

    private static func chunkSize(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) -> Int {
        let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        let text = String(decoding: digits, as: UTF8.self)
        guard line.isFieldValue, text.first != "+", text.first != "-", let size = Int(text, radix: 16) else {
            throw .malformed("chunk: its size is not a hexadecimal number that a length can be")
        }
        return size
    }
}

extension Headers {
    mutating func add(_ field: Field) { add(field.name, field.value) }
}
