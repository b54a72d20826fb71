import TallyHTTP

/// One request of a connection and its answer.
///
/// It outlives its connection: whoever holds it may answer at any time, and an answer that nobody waits for is dropped.
final class HTTPExchange {
    let head: HTTPRequestHead
    /// What the request asks for; `nil` when that does not exist.
    let route: LocalRoute?
    /// The most bytes that ``body`` may have.
    var bodyLimit = Payload.maximumByteCount
    private(set) var body: [UInt8] = []
    /// Takes the body in place of ``body`` as it arrives.
    var stream: StreamRelay?
    /// Whether the whole request has arrived.
    var isReceived = false
    private(set) var isAnswered = false
    private var hasBodyToFollow = false
    private weak var connection: HTTPConnection?

    init(_ head: HTTPRequestHead, on connection: HTTPConnection) {
        self.head = head
        self.connection = connection
        route = LocalRoute(path: head.path)
    }

    /// Whether an answer would still reach somebody, as far as that is known.
    var isOpen: Bool { !isAnswered && connection != nil }
    /// Bytes of the answer that the client has not taken yet.
    var backlog: Int { connection?.backlog ?? 0 }
    /// Whether the answer may take for ever, so that a client that hangs up has to be noticed before.
    var isParked: Bool { isReceived && (route == .next || route == .extensionEvent) }
    /// Whether further bytes of the body are wanted now.
    var mayReceive: Bool { !isReceived && stream?.mayReceive != false }

    /// Takes bytes of the body.
    ///
    /// - Returns: Whether there is room for them.
    func receive(_ piece: ArraySlice<UInt8>) -> Bool {
        if let stream {
            stream.receive(piece)
            return true
        }
        guard body.count + piece.count <= bodyLimit else { return false }
        body += piece
        return true
    }

    /// Notes that the client is gone.
    func disconnect() { connection = nil }

    // MARK: - The answer

    /// Answers in one piece.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - headers: The header fields but those of framing.
    ///   - body: The body.
    ///   - fault: How the answer is spoilt.
    func answer(_ status: Int, _ headers: Headers = Headers(), _ body: [UInt8] = [], fault: LocalServer.Fault? = nil) {
        guard isOpen else { return }
        var text = opening(status, headers)
        let isChunked = fault == .chunked
        if isChunked {
            text += "Transfer-Encoding: chunked\r\n"
        } else if !Self.isBodiless(status) {
            text += "Content-Length: \(body.count)\r\n"
        }
        let head = Array((text + "\r\n").utf8)
        var bytes = head
        if self.head.method != "HEAD", !Self.isBodiless(status) {
            bytes += isChunked ? Self.chunked(body) : body
        }
        switch fault {
        case .close(let point):
            send(bytes.prefix(point.byteCount(head: head.count, whole: bytes.count)))
            finish(.close)
        case .reset(let point):
            send(bytes.prefix(point.byteCount(head: head.count, whole: bytes.count)))
            finish(.reset)
        case .oneByteAtATime, .status, .chunked, nil:
            connection?.send(bytes, isBytewise: fault == .oneByteAtATime)
            finish()
        }
    }

    /// Begins an answer whose body follows in pieces, and behind it perhaps trailers.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - headers: The header fields but those of framing.
    ///   - trailers: The names of the trailers that may come.
    func begin(_ status: Int, _ headers: Headers, trailers: [String]) {
        hasBodyToFollow = !Self.isBodiless(status)
        var text = opening(status, headers)
        if hasBodyToFollow {
            text += "Transfer-Encoding: chunked\r\nTrailer: \(trailers.joined(separator: ", "))\r\n"
        }
        send(Array((text + "\r\n").utf8))
    }

    /// Sends a piece of the body, which must not be empty: that would be its end.
    func write(_ piece: ArraySlice<UInt8>) {
        guard hasBodyToFollow else { return }
        send(Array("\(String(piece.count, radix: 16))\r\n".utf8))
        send(piece)
        send(Array("\r\n".utf8))
    }

    /// Ends the body.
    func end(_ trailers: Headers) {
        if hasBodyToFollow { send(Array("0\r\n\(trailers.lines)\r\n".utf8)) }
        finish()
    }

    /// Ends the connection in place of the body, so that the client learns that it has not all.
    func breakOff() { finish(.close) }

    private func send(_ bytes: some Collection<UInt8>) {
        if isOpen { connection?.send(bytes) }
    }

    private func finish(_ ending: HTTPConnection.Ending? = nil) {
        guard isOpen else { return }
        isAnswered = true
        connection?.didAnswer(ending: ending ?? (closesConnection ? .close : nil))
    }

    // Of a body that is not read to its end, nobody knows where the next request would begin.
    private var closesConnection: Bool { !isReceived || head.closesConnection }

    private func opening(_ status: Int, _ headers: Headers) -> String {
        let close = closesConnection ? "Connection: close\r\n" : ""
        return "HTTP/1.1 \(status) \(Self.reason(status))\r\n\(headers.lines)\(close)"
    }

    // https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
    private static func isBodiless(_ status: Int) -> Bool { status == 204 || status == 304 }

    private static func chunked(_ body: [UInt8]) -> [UInt8] {
        // As the emulator of Lambda cuts them.
        let size = 0x1800
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: body.count, by: size) {
            let piece = body[start...].prefix(size)
            bytes += "\(String(piece.count, radix: 16))\r\n".utf8
            bytes += piece
            bytes += "\r\n".utf8
        }
        return bytes + "0\r\n\r\n".utf8
    }

    // Clients go by the number; a name is given to those that people see.
    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 202: "Accepted"
        case 204: "No Content"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 505: "HTTP Version Not Supported"
        default: ""
        }
    }
}

extension Headers {
    /// The fields as they travel, each with its line end.
    fileprivate var lines: String {
        fields.map { "\($0.name): \($0.value)\r\n" }.joined()
    }
}
