import TallyWire

/// Status, headers and cookies of a streamed answer, as they stand before its first byte.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/response-streaming-tutorial.html>
struct HTTPPrelude: Sendable {
    let status: Int
    let headers: [String: String]
    let cookies: [String]

    /// Refuses what API Gateway and function URLs would answer with an error of their own.
    func check() throws {
        func refuse(_ what: String, _ advice: String) -> RuntimeError {
            RuntimeError(.invalidResponseHead, "response: \(what). \(advice)")
        }
        guard (100...599).contains(status) else {
            throw refuse("the status is \(status)", "Use one of HTTP's, 100 to 599")
        }
        for (name, value) in headers where !name.utf8.isToken || !value.utf8.isFieldValue {
            throw refuse(
                "the header '\(name)' has a name that is no token of HTTP, or a value of several lines",
                "Use letters, digits and hyphens, and percent-encode the value")
        }
        guard cookies.allSatisfy(\.utf8.isFieldValue) else {
            throw refuse("a cookie has several lines", "Percent-encode its value")
        }
    }

    /// JSON and the eight NULs that end it.
    var bytes: [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("statusCode")
        json.integer(status)
        json.key("headers")
        json.beginObject()
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            json.key(name)
            json.string(value)
        }
        json.endObject()
        if !cookies.isEmpty {
            json.key("cookies")
            json.beginArray()
            for cookie in cookies { json.string(cookie) }
            json.endArray()
        }
        json.endObject()
        return json.bytes + [UInt8](repeating: 0, count: 8)
    }
}
