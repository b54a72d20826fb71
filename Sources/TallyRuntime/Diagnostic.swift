import Glibc
import TallyWire

/// What the platform is told of a failure: a type and a message, apart from the error that caused it.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
struct Diagnostic: Sendable, Hashable {
    /// The header that carries the type beside the body.
    static let typeHeader = "Lambda-Runtime-Function-Error-Type"
    /// The header from which Lambda puts the error into the invocation's trace.
    static let causeHeader = "Lambda-Runtime-Function-XRay-Error-Cause"

    let type: String
    let message: String

    init(type: String, message: String) {
        self.type = type
        self.message = message
    }

    init(_ error: any Error) {
        self.init(type: "\(Swift.type(of: error))", message: "\(error)")
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
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// The error as X-Ray takes it, in ASCII; `nil` for one that is too long for a header.
    ///
    /// Source: <https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-errors>
    var tracedCause: String? {
        guard message.utf8.count < Self.tracedMessageLimit else { return nil }
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
        json.endArray()
        json.endObject()
        json.endArray()
        json.key("paths")
        json.beginArray()
        json.endArray()
        json.endObject()
        return Self.ascii(json.bytes)
    }

    // A header line of curl and of the Runtime API has 64 KiB and more; X-Ray keeps some hundred bytes of a message.
    private static let tracedMessageLimit = 4 << 10

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
