package import TallyHTTP
import TallyWire

extension LocalServer {
    /// What a caller gets for an event.
    package struct Outcome: Sendable, Hashable {
        /// The status; 0 when the caller's task was cancelled before there was one.
        package var status: Int
        /// The header fields but those of framing.
        package var headers: Headers
        /// The body in the pieces in which it came; empty when it was passed on to a caller over HTTP piece by piece.
        package var chunks: [[UInt8]]
        /// How many bytes the body has.
        package var byteCount: Int
        /// The fields behind the body, with which a function tells that it failed within it.
        package var trailers = Headers()
        /// The type of the function's error, such as `Sandbox.Timedout`; `nil` when it has none.
        package var functionError: String?
        /// Whether it came to its end; not so when the function broke off within the body, or the caller's task was
        /// cancelled.
        package var isWhole = true

        /// The body in one piece.
        ///
        /// - Complexity: O(bytes), and O(1) when it came in one.
        package var body: [UInt8] { chunks.count == 1 ? chunks[0] : chunks.reduce(into: []) { $0 += $1 } }

        init(_ status: Int, _ headers: Headers = Headers(), _ body: [UInt8] = [], functionError: String? = nil) {
            self.status = status
            self.headers = headers
            chunks = body.isEmpty ? [] : [body]
            byteCount = body.count
            self.functionError = functionError
        }

        /// An error of the function, as Lambda's Invoke API tells it.
        ///
        /// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_ResponseElements>
        static func failure(_ type: String, json: [UInt8], status: Int = 200) -> Outcome {
            let headers: Headers = ["Content-Type": "application/json", "X-Amz-Function-Error": "Unhandled"]
            return Outcome(status, headers, json, functionError: type)
        }

        /// An error that Lambda tells in the function's place.
        static func failure(_ type: String, _ message: String, status: Int = 200) -> Outcome {
            failure(type, json: errorJSON(type, message), status: status)
        }

        /// A mistake of the caller, which no function has seen.
        ///
        /// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors>
        static func refusal(_ status: Int, _ type: String, _ message: String) -> Outcome {
            var json = JSONWriter()
            json.beginObject()
            json.key("Type")
            json.string("User")
            json.key("Message")
            json.string(message)
            json.endObject()
            return Outcome(status, ["Content-Type": "application/json", "X-Amzn-ErrorType": type], json.bytes)
        }
    }

    /// The JSON with which the Runtime API tells an error.
    static func errorJSON(_ type: String, _ message: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("errorType")
        json.string(type)
        json.key("errorMessage")
        json.string(message)
        json.endObject()
        return json.bytes
    }
}
