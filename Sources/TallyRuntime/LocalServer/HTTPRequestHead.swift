import TallyHTTP

/// The request line and the header fields of a request.
struct HTTPRequestHead: Sendable {
    /// How the end of the body is known.
    enum Framing: Sendable, Hashable {
        case length(Int)
        case chunked
    }

    let method: String
    /// What stands between method and version, such as `/invoke?a=b`.
    let target: String
    var headers = Headers()
    private(set) var framing = Framing.length(0)
    /// Whether the client waits for `100 Continue` before it sends the body.
    private(set) var expectsContinue = false
    /// Whether the client wants the connection closed after the answer.
    private(set) var closesConnection = false

    /// Of a request that could not be read.
    static let unreadable = HTTPRequestHead(method: "", target: "")

    private init(method: String, target: String) {
        self.method = method
        self.target = target
    }

    /// Reads a request line.
    ///
    /// - Parameter line: The line without its end.
    /// - Throws: ``HTTPRefusal`` when it is none, or of another version than 1.1.
    init(requestLine line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isToken, !parts[1].isEmpty, parts[1].allSatisfy({ (0x21..<0x7F).contains($0) })
        else { throw .malformed("request line: not a method, a target and a version with one space between each") }
        method = String(decoding: parts[0], as: UTF8.self)
        target = String(decoding: parts[1], as: UTF8.self)
        guard !parts[2].elementsEqual("HTTP/1.1".utf8) else { return }
        guard parts[2].starts(with: "HTTP/".utf8) else { throw .malformed("request line: no HTTP version at its end") }
        throw HTTPRefusal(
            status: 505, message: "request line: another version than HTTP/1.1. Set the client to HTTP/1.1")
    }

    /// The path without the query, also of a target that names the server.
    var path: String {
        var path = target[...]
        if path.hasPrefix("http://") {
            let rest = path.dropFirst("http://".count)
            path = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        }
        return String(path.prefix { $0 != "?" })
    }

    /// Settles what the header fields say of the connection and of the body.
    ///
    /// - Throws: ``HTTPRefusal`` when they contradict each other, which could hide a second request in the first.
    mutating func settle() throws(HTTPRefusal) {
        var hosts = 0
        var lengths: [String] = []
        var codings: [String] = []
        for field in headers.fields {
            switch field.name.lowercased() {
            case "host": hosts += 1
            case "content-length": lengths.append(field.value)
            case "transfer-encoding": codings.append(field.value.lowercased())
            case "expect": expectsContinue = field.value.lowercased() == "100-continue"
            case "connection":
                let options = field.value.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }
                if options.contains("close") { closesConnection = true }
            default: break
            }
        }
        guard hosts == 1 else { throw .malformed("headers: \(hosts) Host fields, HTTP/1.1 asks for one") }
        guard lengths.isEmpty || codings.isEmpty else {
            throw .malformed("headers: Content-Length and Transfer-Encoding. Send one of them")
        }
        if !codings.isEmpty {
            guard codings == ["chunked"] else {
                throw HTTPRefusal(
                    status: 501,
                    message: "Transfer-Encoding: only chunked is known. Send the body chunked or with a length")
            }
            framing = .chunked
        } else if let length = lengths.first {
            framing = .length(try Self.byteCount(length, fieldCount: lengths.count))
        }
    }

    private static func byteCount(_ text: String, fieldCount: Int) throws(HTTPRefusal) -> Int {
        guard fieldCount == 1, !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .malformed("Content-Length: not one number of bytes")
        }
        // Digits only: what does not fit is a length beyond any limit.
        return Int(text) ?? .max
    }
}
