import TallyWire

/// An HTTP response in two parts.
struct Answer {
    var head: String
    var body: [UInt8]

    /// The right answer to a request, or the same with a checksum of other bytes.
    init(to request: RequestHead, hasRightChecksum: Bool) {
        if ["PutObject", "GetObject", "HeadObject"].contains(request.operation) {
            self.init(object: request, hasRightChecksum: hasRightChecksum)
        } else {
            let body = Array(Self.document(request).utf8)
            var checksum = CRC32()
            checksum.update(body)
            let value = hasRightChecksum ? checksum.value : ~checksum.value
            self.init("200 OK", ["x-amz-crc32: \(value)", "x-amzn-RequestId: \(request.call)"], body)
        }
    }

    init(_ status: String, _ headers: [String] = [], _ body: [UInt8] = [], length: Int? = nil) {
        let fields = headers + ["Content-Length: \(length ?? body.count)"]
        head = "HTTP/1.1 \(status)\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
        self.body = body
    }

    private init(object request: RequestHead, hasRightChecksum: Bool) {
        let content = Content(of: request.call)
        let tag = "ETag: \"\(request.call)\""
        guard request.operation != "PutObject" else {
            self.init("200 OK", [tag])
            return
        }
        let checksum = hasRightChecksum ? content.checksum : Content.other(than: content.checksum)
        let headers = [tag, "x-amz-checksum-crc32: \(checksum)"]
        if request.operation == "HeadObject" {
            self.init("200 OK", headers, length: content.bytes.count)
        } else if let start = request.rangeStart {
            let count = content.bytes.count
            self.init(
                "206 Partial Content", headers + ["Content-Range: bytes \(start)-\(count - 1)/\(count)"],
                Array(content.bytes.dropFirst(start)))
        } else {
            self.init("200 OK", headers, content.bytes)
        }
    }

    private static func document(_ request: RequestHead) -> String {
        let item = #"{"call":{"N":"\#(request.call)"}}"#
        let capacity = #""ConsumedCapacity":{"TableName":"soak","CapacityUnits":0.5}"#
        return switch request.operation {
        case "GetItem": #"{"Item":\#(item),\#(capacity)}"#
        case "UpdateItem": #"{"Attributes":\#(item),\#(capacity)}"#
        case "Query": #"{"Items":[\#(item),\#(item)],"Count":2,"ScannedCount":2,\#(capacity)}"#
        case "GenerateDataKey":
            #"{"KeyId":"key","Plaintext":"\#(key(request.call))","CiphertextBlob":"\#(key(request.call))"}"#
        case "Decrypt": #"{"KeyId":"key","Plaintext":"\#(key(request.call))"}"#
        default: "{\(capacity)}"
        }
    }

    private static func key(_ call: Int) -> String { Base64.encode(Content.key(of: call)) }
}

extension Content {
    /// The 32 bytes of a call's data key.
    static func key(of call: Int) -> [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: call &* ($0 + 1) &+ call >> 8) }
    }

    /// A checksum of the right size that is not `checksum`.
    static func other(than checksum: String) -> String {
        Base64.encode((Base64.decode(checksum) ?? []).map { ~$0 })
    }
}
