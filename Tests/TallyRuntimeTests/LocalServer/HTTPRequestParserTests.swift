import TallyHTTP
import TallyTestServer
import Testing

@testable import TallyRuntime

@Suite struct HTTPRequestParserTests {
    /// What a request came to, with its body in one piece.
    struct Taken: Equatable {
        var line = ""
        var fields: [String] = []
        var body: [UInt8] = []
        var trailers: [String] = []
    }

    /// Takes bytes in pieces, and returns the whole requests and what was refused.
    static func take(_ pieces: [ArraySlice<UInt8>]) -> (requests: [Taken], refusal: HTTPRefusal?) {
        var parser = HTTPRequestParser()
        var requests: [Taken] = []
        var open = Taken()
        for piece in pieces {
            piece.withUnsafeBytes { parser.receive($0) }
            while let event = parser.next() {
                switch event {
                case .head(let head):
                    open = Taken(line: "\(head.method) \(head.target)")
                    open.fields = head.headers.fields.map { "\($0.name)=\($0.value)" }
                case .body(let bytes): open.body += bytes
                case .end(let trailers):
                    open.trailers = trailers.fields.map { "\($0.name)=\($0.value)" }
                    requests.append(open)
                case .refused(let refusal): return (requests, refusal)
                }
            }
        }
        return (requests, nil)
    }

    static func take(_ text: String) -> (requests: [Taken], refusal: HTTPRefusal?) { take([Array(text.utf8)[...]]) }

    static let chunked =
        "POST /a?b=c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
        + "5\r\nhello\r\n00A;name=\"v\"\r\n 0123\r\n456\r\n1 \r\n!\r\n0\r\nError: none \r\nX: y\r\n\r\n"

    @Test func `a chunked body is put together, and its trailers are kept apart`() {
        let taken = Self.take(Self.chunked)

        #expect(taken.refusal == nil)
        #expect(
            taken.requests == [
                Taken(
                    line: "POST /a?b=c", fields: ["Host=x", "Transfer-Encoding=Chunked"],
                    body: Array("hello 0123\r\n456!".utf8), trailers: ["Error=none", "X=y"])
            ])
    }

    @Test func `requests that come at once are told apart`() {
        let taken = Self.take(
            "GET /1 HTTP/1.1\r\nHost:x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: \t x \t\r\nContent-Length: 3\r\n\r\nabc\r\n"
                + "PUT /3 HTTP/1.1\r\nHost: x\r\nEmpty:\r\n\r\n")

        #expect(taken.refusal == nil)
        #expect(taken.requests.map(\.line) == ["GET /1", "POST /2", "PUT /3"])
        #expect(taken.requests.map { String(decoding: $0.body, as: UTF8.self) } == ["", "abc", ""])
        #expect(taken.requests.map(\.fields) == [["Host=x"], ["Host=x", "Content-Length=3"], ["Host=x", "Empty="]])
    }

    @Test(arguments: 0..<64)
    func `a request is the same however its bytes are cut`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = Self.requests(&generator)
        let whole = Self.take([bytes[...]])

        for longest in [1, 2, 7, 100, 5_000] {
            var pieces: [ArraySlice<UInt8>] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + .random(in: 1...longest, using: &generator))
                pieces.append(bytes[start..<end])
                start = end
            }
            let cut = Self.take(pieces)
            #expect(cut.refusal == nil)
            #expect(cut.requests == whole.requests)
        }
        #expect(whole.refusal == nil)
        #expect(!whole.requests.isEmpty)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a long line that comes byte by byte takes no longer than its bytes`() {
        let text = "POST / HTTP/1.1\r\nHost: x\r\nLong: \(String(repeating: "x", count: 65_000))\r\n\r\n"
        let bytes = Array(text.utf8)

        let taken = Self.take(bytes.indices.map { bytes[$0..<($0 + 1)] })

        #expect(taken.requests.count == 1)
    }

    /// One to four requests with bodies of any bytes.
    private static func requests(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in 0..<Int.random(in: 1...4, using: &generator) {
            bytes += "POST /\(number) HTTP/1.1\r\nHost: x\r\n".utf8
            for field in 0..<Int.random(in: 0...20, using: &generator) {
                bytes += "F\(field): \(String(repeating: "v", count: .random(in: 0...300, using: &generator)))\r\n".utf8
            }
            let pieces = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                (0..<Int.random(in: 1...900, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator)
                }
            }
            if Bool.random(using: &generator) {
                bytes += "Transfer-Encoding: chunked\r\n\r\n".utf8
                for piece in pieces { bytes += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10] }
                bytes += "0\r\nT: \(number)\r\n\r\n".utf8
            } else {
                let body = pieces.flatMap { $0 }
                bytes += Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
            }
        }
        return bytes
    }

    // MARK: - What is refused

    @Test(arguments: [
        "GET /\r\n", "GET  / HTTP/1.1\r\n", "GET / HTTP/1.1 \r\n", "GET /\u{7} HTTP/1.1\r\n", "G(T / HTTP/1.1\r\n",
        "GET /é HTTP/1.1\r\n", "GET / HTP/1.1\r\n", "\u{16}\u{3}\u{1}\r\n", " GET / HTTP/1.1\r\n", "\n",
    ])
    func `a line that is no request line is malformed`(line: String) {
        #expect(Self.take(line).refusal?.status == 400)
    }

    @Test(arguments: [
        "Host : x\r\n", ": x\r\n", "Host\r\n", " folded\r\n", "A: \u{0}\r\n", "A: \u{1}\r\n", "A: b\rc\r\n", "A: b\n",
        "A\u{0}: b\r\n", "Host: y\r\n\r\n", "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "Content-Length: 1, 1\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: +1\r\n\r\n",
        "Content-Length: 0x1\r\n\r\n", "Content-Length:\r\n\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ])
    func `a header that is none, or contradicts another, is malformed`(fields: String) {
        #expect(Self.take("POST / HTTP/1.1\r\nHost: x\r\n\(fields)").refusal?.status == 400)
    }

    @Test func `a request without a host is malformed`() {
        #expect(Self.take("GET / HTTP/1.1\r\n\r\n").refusal?.message == "headers: 0 Host fields, HTTP/1.1 asks for one")
    }

    @Test(arguments: [
        "\r\n", "g\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", "1\n", "1;\u{0}\r\n", "1\r\nabc", "1\r\na\n", "1\r\na\r\r",
        "10000000000000000\r\n", "0\r\nnone\r\n", "0\r\nA: \u{1}\r\n", "1;" + String(repeating: "x", count: 4_096),
    ])
    func `a chunk that is none is malformed`(chunk: String) {
        let taken = Self.take("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)")

        #expect(taken.refusal?.status == 400)
        #expect(taken.requests.isEmpty)
    }

    @Test(arguments: [
        ("GET / HTTP/1.0\r\n", 505), ("GET / HTTP/2.0\r\n", 505),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
    ])
    func `what is allowed but unknown is told by its status`(text: String, status: Int) {
        #expect(Self.take(text).refusal?.status == status)
    }

    @Test func `a head has 64 KiB, and trailers as many again`() {
        func fields(_ count: Int) -> String { "A: \(String(repeating: "x", count: count - 5))\r\n" }
        let opening = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        let room = HTTPRequestParser.headLimit - opening.utf8.count - 2
        let end = "\r\n0\r\n"
        let trailers = fields(HTTPRequestParser.headLimit - 2)

        #expect(Self.take(opening + fields(room) + end + trailers + "\r\n").requests.count == 1)
        #expect(Self.take(opening + fields(room + 1) + end).refusal?.status == 431)
        #expect(Self.take(opening + end + trailers + "A: b\r\n").refusal?.status == 431)
        #expect(Self.take("GET /\(String(repeating: "x", count: HTTPRequestParser.headLimit))").refusal?.status == 431)
    }

    @Test func `nothing is read behind what was refused`() {
        let taken = Self.take("NO\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")

        #expect(taken.requests.isEmpty)
        #expect(taken.refusal?.status == 400)
    }

    @Test func `a number beyond all lengths is a length beyond all limits`() throws {
        var head = try HTTPRequestHead(requestLine: Array("POST / HTTP/1.1".utf8)[...])
        head.headers = ["Host": "x", "Content-Length": "99999999999999999999"]
        try head.settle()

        #expect(head.framing == .length(.max))
    }

    @Test(arguments: [
        ("/a?b=/c", "/a"), ("http://h:1/a?b", "/a"), ("http://h", "/"), ("*", "*"), ("//a", "//a"),
    ])
    func `a path is what stands before the query, without the server`(target: String, path: String) throws {
        #expect(try HTTPRequestHead(requestLine: Array("GET \(target) HTTP/1.1".utf8)[...]).path == path)
    }
}
