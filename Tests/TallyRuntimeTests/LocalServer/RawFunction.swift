/// A function that speaks to the Runtime API byte by byte, over one connection.
final class RawFunction {
    let client: RawClient
    private let port: UInt16

    init(_ port: UInt16) throws {
        self.port = port
        client = try RawClient(port)
    }

    /// An event as it was handed out.
    struct Event {
        let response: RawResponse

        var id: String { response.header("Lambda-Runtime-Aws-Request-Id") ?? "none" }
        var text: String { response.text }
        func header(_ name: String) -> String? { response.header(name) }
    }

    /// Asks for an event, without waiting for it.
    func ask() async throws {
        try await client.request("GET /2018-06-01/runtime/invocation/next")
    }

    /// Asks for an event and waits for it.
    func next() async throws -> Event {
        try await ask()
        return Event(response: try await client.response())
    }

    /// Answers an invocation.
    @discardableResult
    func respond(_ id: String, _ body: String, _ headers: [String: String] = [:]) async throws -> RawResponse {
        try await client.exchange("POST /2018-06-01/runtime/invocation/\(id)/response", headers, body)
    }

    /// Tells that an invocation failed.
    @discardableResult
    func fail(_ id: String, _ json: String, type: String) async throws -> RawResponse {
        try await client.exchange(
            "POST /2018-06-01/runtime/invocation/\(id)/error", ["Lambda-Runtime-Function-Error-Type": type], json)
    }

    /// Begins an answer that comes in pieces.
    func beginStream(_ id: String, contentType: String = "text/plain") async throws {
        try await client.send(
            "POST /2018-06-01/runtime/invocation/\(id)/response HTTP/1.1\r\nHost: localhost\r\n"
                + "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
                + "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n"
                + "Content-Type: \(contentType)\r\n\r\n")
    }

    /// Sends a piece.
    func write(_ piece: String) async throws {
        try await client.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
    }

    /// Ends the answer.
    func endStream(_ trailers: String = "") async throws -> RawResponse {
        try await client.send("0\r\n\(trailers)\r\n")
        return try await client.response()
    }
}
