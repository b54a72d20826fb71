import TallyWire

/// What the body of an error response says, as far as it can be made out.
///
/// AWS's JSON services, S3, proxies and load balancers all answer errors in their own form, so nothing here throws:
/// what cannot be read is absent.
struct ErrorBody {
    private(set) var code: String?
    private(set) var message: String?
    private(set) var requestID: String?
    /// The region that S3 wants the request to be signed for.
    private(set) var region: String?
    private(set) var item: WireItem?
    private(set) var cancellationReasons: [CancellationReason] = []
    private(set) var throttlingReasons: [ThrottlingReason] = []

    init(_ body: [UInt8]) {
        switch body.first(where: { !Self.isSpace($0) }) {
        case UInt8(ascii: "{"): readJSON(body)
        case UInt8(ascii: "<"): readXML(body)
        default: break
        }
        message = message.map(Self.shortened)
    }

    /// The code without the name space before `#` and the URI after `:`.
    static func bareCode(_ text: String) -> String {
        let withoutURI = text.prefix { $0 != ":" }
        guard let hash = withoutURI.lastIndex(of: "#") else { return String(withoutURI) }
        return String(withoutURI[withoutURI.index(after: hash)...])
    }

    /// The beginning of a body in an unknown form, on one line.
    static func excerpt(of body: [UInt8]) -> String {
        guard !body.isEmpty else { return "the response has no body" }
        return "the response tells no error that AWS would: \(excerpt(ofText: body))"
    }

    /// The beginning of a text, on one line and without control characters.
    static func excerpt(ofText body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(160), as: UTF8.self)
        let line = text.split(whereSeparator: { $0.isWhitespace || $0.isNewline }).joined(separator: " ")
        let printable = String(
            line.map { $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? "·" : $0 }
        )
        return "\(printable)\(body.count > 160 ? "…" : "")"
    }

    // MARK: - Forms

    private mutating func readJSON(_ body: [UInt8]) {
        var found = self
        let complete: Void? = try? JSONReader.read(body) { reader throws(JSONError) in
            try reader.beginObject()
            while let key = try reader.nextKey() {
                let isString = try reader.peekKind() == .string
                if isString, reader.matches(key, "__type") || reader.matches(key, "code") {
                    found.code = try reader.string()
                } else if isString, reader.matches(key, "message") || reader.matches(key, "Message") {
                    found.message = try reader.string()
                } else if reader.matches(key, "Item") {
                    found.item = WireItem(buffer: body, range: try reader.skipValue())
                } else if reader.matches(key, "CancellationReasons") {
                    found.cancellationReasons = try CancellationReason.list(from: &reader, in: body)
                } else if reader.matches(key, "ThrottlingReasons") || reader.matches(key, "throttlingReasons") {
                    found.throttlingReasons = try ThrottlingReason.list(from: &reader)
                } else {
                    _ = try reader.skipValue()
                }
            }
        }
        // A text that breaks off still may have told its code, but an item cut short is none.
        if complete == nil { (found.item, found.cancellationReasons) = (nil, []) }
        self = found
    }

    private mutating func readXML(_ body: [UInt8]) {
        guard let document = XMLElement(body), let error = document.find("Error") else { return }
        code = error["Code"]
        message = error["Message"]
        region = error["Region"]
        // S3 tells the request inside the error, the query protocol beside it.
        requestID = error["RequestId"] ?? document["RequestId"] ?? document["RequestID"]
    }

    private static func shortened(_ message: String) -> String {
        message.utf8.count <= 1_024 ? message : String(message.prefix(1_000)) + "…"
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }
}
