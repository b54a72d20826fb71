import TallyWire

/// What the platform is told of a failure: a type and a message, apart from the error that caused it.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
struct Diagnostic: Sendable, Hashable {
    /// The header that carries the type beside the body.
    static let typeHeader = "Lambda-Runtime-Function-Error-Type"

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

    /// The type as a header can carry it: printable ASCII.
    var headerValue: String {
        String(String.UnicodeScalarView(type.unicodeScalars.map { (32..<127).contains($0.value) ? $0 : "?" }))
    }
}
