package import TallyHTTP

/// The four endpoints of the Lambda Runtime API.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
package struct RuntimeClient: Sendable {
    private let transport: any Transport
    private let base: String
    private let nextRequest: Request
    private let pause: @Sendable (Duration) async throws -> Void

    private static let responseHeaders: Headers = ["Content-Type": "application/json"]
    // `next` is asked again this often after a lost connection: a frozen process finds its connection dead, and an
    // API that is gone for good must not keep a process spinning.
    private static let attempts = 5

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - api: The value of `AWS_LAMBDA_RUNTIME_API`, host and port.
    ///   - transport: Moves the requests.
    ///   - pause: Waits between two attempts.
    package init(api: String, transport: any Transport, pause: @escaping @Sendable (Duration) async throws -> Void) {
        self.transport = transport
        self.pause = pause
        base = "http://\(api)/2018-06-01/runtime/"
        nextRequest = Request(.get, base + "invocation/next", timeouts: .none, usesProxy: false)
    }

    /// Waits for the next event, however long that takes.
    ///
    /// - Throws: ``RuntimeError`` when the API does not answer any more.
    nonisolated(nonsending) func next() async throws -> Invocation {
        try Invocation(try await send(nextRequest))
    }

    /// Answers an invocation.
    ///
    /// - Returns: The API's status; 202 when it took the answer.
    nonisolated(nonsending) func respond(to requestID: String, with payload: Payload) async throws -> Int {
        let headers = payload.contentType.map { ["Content-Type": $0] } ?? Self.responseHeaders
        return try await send(
            post("invocation/" + requestID + "/response", .bytes(payload.bytes), headers)
        ).status
    }

    /// Answers an invocation with what is written into a pipe.
    ///
    /// - Returns: The API's status, once the answer has ended; 202 when it took it.
    /// - Throws: `TransportError` when the connection is lost. It is not sent again: what was written is gone.
    nonisolated(nonsending) func respond(
        to requestID: String, with pipe: BodyPipe, contentType: String
    ) async throws -> Int {
        let headers: Headers = [
            "Content-Type": contentType, "Lambda-Runtime-Function-Response-Mode": "streaming",
            "Trailer": Diagnostic.typeHeader + ", " + Diagnostic.bodyTrailer,
        ]
        return try await transport.send(post("invocation/" + requestID + "/response", .pipe(pipe), headers)).status
    }

    /// Reports that an invocation failed.
    ///
    /// - Returns: The API's status; 202 when it took the report.
    nonisolated(nonsending) func report(_ diagnostic: Diagnostic, of requestID: String) async throws -> Int {
        try await send(post("invocation/" + requestID + "/error", diagnostic)).status
    }

    /// Reports that the function could not be initialised; the process is then to end.
    ///
    /// - Returns: The API's status; 202 when it took the report.
    nonisolated(nonsending) func reportInitialization(_ diagnostic: Diagnostic) async throws -> Int {
        try await send(post("init/error", diagnostic)).status
    }

    private func post(_ path: String, _ diagnostic: Diagnostic) -> Request {
        var headers: Headers = [
            "Content-Type": "application/vnd.aws.lambda.error+json", Diagnostic.typeHeader: diagnostic.headerValue,
        ]
        if let cause = diagnostic.tracedCause { headers.add(Diagnostic.causeHeader, cause) }
        return post(path, .bytes(diagnostic.json), headers)
    }

    private func post(_ path: String, _ body: RequestBody, _ headers: Headers) -> Request {
        Request(.post, base + path, headers: headers, body: body, timeouts: .none, usesProxy: false)
    }

    private nonisolated(nonsending) func send(_ request: Request) async throws -> Response {
        var attempt = 1
        while true {
            do throws(TransportError) {
                return try await transport.send(request)
            } catch {
                // A post that went out may have been taken: sent again, it could answer the wrong invocation.
                let mayRepeat = error.isRetryable && (request.method == .get || error.attempts == 0)
                guard mayRepeat, attempt < Self.attempts else {
                    throw RuntimeError(
                        .apiLost,
                        "Runtime API: \(error) after \(attempt) attempts; the process ends, Lambda starts another")
                }
                try await pause(.milliseconds(10 << attempt))
                attempt += 1
            }
        }
    }
}
