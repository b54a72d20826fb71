import TallyHTTP
import TallyWire

/// Status and headers at the beginning of a streamed answer to an HTTP request: JSON, then eight NUL bytes.
///
///     {"statusCode":200,"headers":{"Content-Type":"text/html"},"cookies":["a=1"]}
struct StreamPrelude {
    /// As many bytes as the head of a request may have.
    static let byteLimit = HTTPRequestParser.headLimit
    private static let separatorCount = 8

    /// Why there is no prelude.
    struct Malformed: Error {
        /// Where it was, what was seen and what to do.
        let message: String

        init(_ message: String) {
            self.message = "prelude of the stream: \(message)"
        }

        static let endless = Malformed("no eight NUL bytes behind its JSON. Send them before the body")
    }

    /// What the prelude says.
    struct Head {
        var status = 200
        var headers = Headers()
    }

    private var gathered: [UInt8] = []
    private var jsonCount: Int?

    /// Takes bytes.
    ///
    /// - Returns: The head and the bytes behind it; `nil` while there is none.
    /// - Throws: ``Malformed``.
    mutating func receive(_ piece: ArraySlice<UInt8>) throws(Malformed) -> (Head, rest: ArraySlice<UInt8>)? {
        let searched = gathered.count
        gathered += piece
        // JSON has no NUL: the first one is the separator's.
        if jsonCount == nil { jsonCount = gathered[searched...].firstIndex(of: 0) }
        guard jsonCount ?? gathered.count <= Self.byteLimit else {
            throw Malformed("more than \(Self.byteLimit) bytes before its eight NUL bytes. Send fewer headers")
        }
        guard let jsonCount else { return nil }
        let separator = gathered[jsonCount...].prefix(Self.separatorCount)
        guard separator.allSatisfy({ $0 == 0 }) else { throw .endless }
        guard separator.count == Self.separatorCount else { return nil }
        return (try Self.head(Array(gathered[..<jsonCount])), gathered[separator.endIndex...])
    }

    private static func head(_ json: [UInt8]) throws(Malformed) -> Head {
        guard let value = try? JSONValue(json: json), case .object = value else {
            throw Malformed("not a JSON object. Send statusCode, headers and cookies")
        }
        var head = Head()
        if let status = value["statusCode"], status != .null {
            guard let number = status.int, (200...599).contains(number) else {
                throw Malformed("statusCode is not a number from 200 to 599")
            }
            head.status = number
        }
        if case .object(let fields)? = value["headers"] {
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) { try head.add(name, value) }
        }
        if let cookies = value["cookies"], cookies != .null { try head.add("Set-Cookie", cookies) }
        if head.headers["Content-Type"] == nil { head.headers.add("Content-Type", "application/octet-stream") }
        return head
    }
}

extension StreamPrelude.Head {
    // The server frames the body, whatever the function says of it.
    private static let framing: Set = ["connection", "content-length", "keep-alive", "trailer", "transfer-encoding"]

    fileprivate mutating func add(_ name: String, _ value: JSONValue) throws(StreamPrelude.Malformed) {
        if Self.framing.contains(name.lowercased()) { return }
        let texts: [String]
        switch value {
        case .null: return
        case .string(let text), .number(let text): texts = [text]
        case .bool(let bool): texts = [bool ? "true" : "false"]
        case .array(let values) where values.allSatisfy({ $0.string != nil }): texts = values.compactMap(\.string)
        default: throw StreamPrelude.Malformed("the value of \(name) is not a text")
        }
        guard name.utf8.isToken, texts.allSatisfy(\.utf8.isFieldValue) else {
            throw StreamPrelude.Malformed("a header has characters that HTTP does not allow")
        }
        for text in texts { headers.add(name, text) }
    }
}
