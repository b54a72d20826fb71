import Glibc
import TallyHTTP
import TallyWire

/// What the platform is told of a failure: a type and a message, apart from the error that caused it.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
struct Diagnostic: Sendable, Hashable {
    /// The header that carries the type beside the body.
    static let typeHeader = "Lambda-Runtime-Function-Error-Type"
    /// The trailer that carries the body behind a streamed answer, in base64.
    static let bodyTrailer = "Lambda-Runtime-Function-Error-Body"
    /// The header from which Lambda puts the error into the invocation's trace.
    static let causeHeader = "Lambda-Runtime-Function-XRay-Error-Cause"

    let type: String
    let message: String
    let stackTrace: [String]

    init(type: String, message: String, stackTrace: [String] = []) {
        self.type = type
        self.message = message
        self.stackTrace = stackTrace
    }

    init(_ error: any Error) {
        let known = error as? any DiagnosableError
        self.init(
            type: known?.errorType ?? "\(Swift.type(of: error))", message: "\(error)",
            stackTrace: known?.stackTrace ?? [])
    }

    /// The body of `error` and `init/error`: valid JSON whatever the message holds.
    var json: [UInt8] {
        var json = JSONWriter(capacity: message.utf8.count + 128)
        json.beginObject()
        json.key("errorMessage")
        json.string(message)
        json.key("errorType")
        json.string(type)
        json.key("stackTrace")
        json.beginArray()
        for frame in stackTrace { json.string(frame) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// What stands behind a streamed answer that breaks off.
    var trailers: Headers {
        let json = json
        guard json.count > Self.trailedByteLimit else {
            return [Self.typeHeader: headerValue, Self.bodyTrailer: Base64.encode(json)]
        }
        let cut = { (text: String) in String(decoding: text.utf8.prefix(Self.trailedTextLimit), as: UTF8.self) }
        return Diagnostic(type: cut(type), message: cut(message)).trailers
    }

    /// The error as X-Ray takes it, in ASCII; `nil` for one that is too long for a header.
    ///
    /// Source: <https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-errors>
    var tracedCause: String? {
        let length = stackTrace.reduce(message.utf8.count) { $0 + $1.utf8.count }
        guard length < Self.tracedMessageLimit else { return nil }
        var json = JSONWriter(capacity: message.utf8.count + 256)
        json.beginObject()
        json.key("working_directory")
        json.string(Self.workingDirectory)
        json.key("exceptions")
        json.beginArray()
        json.beginObject()
        json.key("type")
        json.string(type)
        json.key("message")
        json.string(message)
        json.key("stack")
        json.beginArray()
        for frame in stackTrace {
            json.beginObject()
            json.key("label")
            json.string(frame)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.endArray()
        json.key("paths")
        json.beginArray()
        json.endArray()
        json.endObject()
        return Self.ascii(json.bytes)
    }

    // AWS's own runtimes leave the header out beyond 1 MiB; the body has the whole message in any case.
    private static let tracedMessageLimit = 4 << 10
    // libcurl sends at most 64 KiB of trailers: the type once, and once more in the body, which base64 makes longer by
    // a third. Escaped, a byte of text may become six.
    private static let trailedByteLimit = 24 << 10
    private static let trailedTextLimit = 2 << 10

    private static let workingDirectory: String = {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }()

    /// JSON with escapes in place of what a header cannot carry.
    private static func ascii(_ json: [UInt8]) -> String {
        var text = ""
        for unit in String(decoding: json, as: UTF8.self).utf16 {
            if let scalar = Unicode.Scalar(unit), scalar.isASCII, scalar.value >= 0x20, scalar.value != 0x7F {
                text.unicodeScalars.append(scalar)
            } else {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
        return text
    }

    /// The type as a header can carry it: printable ASCII.
    var headerValue: String {
        String(String.UnicodeScalarView(type.unicodeScalars.map { (32..<127).contains($0.value) ? $0 : "?" }))
    }
}
