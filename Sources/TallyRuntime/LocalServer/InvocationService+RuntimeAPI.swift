import TallyHTTP
import TallyWire

/// The side of the function.
///
/// Sources: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>, and what AWS's own emulator answers.
extension InvocationService {
    /// Takes the function's answer.
    func takeResponse(_ exchange: HTTPExchange, of id: String, _ trailers: Headers) {
        if let stream = exchange.stream {
            guard let invocation = running[id] else { return reject(exchange, id) }
            settle(invocation, stream, trailers: trailers)
            return accept(exchange, invocation, .response)
        }
        guard let invocation = open(id) else { return reject(exchange, id) }
        let type = exchange.head.headers["Content-Type"] ?? "application/json"
        settle(invocation, with: LocalServer.Outcome(200, ["Content-Type": type], exchange.body))
        accept(exchange, invocation, .response)
    }

    /// Takes the function's error.
    func takeError(_ exchange: HTTPExchange, of id: String) {
        guard let invocation = open(id) else { return reject(exchange, id) }
        settle(invocation, with: exchange.failure)
        accept(exchange, invocation, .error)
    }

    /// Takes the reason why the function cannot start.
    func takeInitError(_ exchange: HTTPExchange) {
        failInitialization(exchange.failure)
        exchange.answer(202, Self.json, Self.ok)
    }

    /// Refuses an answer that is too large, and tells the caller why there is none.
    func refuseResponseSize(_ exchange: HTTPExchange, of id: String) {
        guard let invocation = open(id) else { return reject(exchange, id) }
        let limit = "maximum allowed payload size (\(Payload.maximumByteCount) bytes)."
        overrule(
            invocation, with: .failure("Function.ResponseSizeTooLarge", "Response payload size exceeded \(limit)"))
        tell(exchange, 413, "RequestEntityTooLarge", "Exceeded \(limit)")
    }

    /// Makes an extension known, which gets no events.
    func register(_ exchange: HTTPExchange) {
        guard exchange.head.headers["Lambda-Extension-Name"]?.isEmpty == false else {
            return tell(exchange, 403, "Extension.InvalidExtensionName", "Empty extension name")
        }
        var json = JSONWriter()
        json.beginObject()
        json.key("functionName")
        json.string(settings.functionName)
        json.key("functionVersion")
        json.string("$LATEST")
        json.key("handler")
        json.string(settings.handler)
        json.endObject()
        var headers = Self.json
        headers.add("Lambda-Extension-Identifier", RequestID.random())
        exchange.answer(200, headers, json.bytes)
    }

    /// Answers the function with an error.
    func tell(_ exchange: HTTPExchange, _ status: Int, _ type: String, _ message: String) {
        exchange.answer(status, Self.json, LocalServer.errorJSON(type, message))
    }

    /// Answers the function with the status of a fault.
    func answer(_ exchange: HTTPExchange, with status: Int) {
        tell(exchange, status, "Fault", "Status \(status), as the fault of this invocation says")
    }

    private func accept(_ exchange: HTTPExchange, _ invocation: LocalInvocation, _ stage: LocalServer.Stage) {
        let fault = settings.fault?(invocation.number, stage)
        if case .status(let status) = fault { return answer(exchange, with: status) }
        exchange.answer(202, Self.json, Self.ok, fault: fault)
    }

    private func reject(_ exchange: HTTPExchange, _ id: String) {
        guard isOverruled(id) else { return tell(exchange, 400, "InvalidRequestID", "Invalid request ID") }
        tell(
            exchange, 403, "InvalidStateTransition",
            "RequestId: \(id): its caller was answered in the function's place; nothing more is taken for it")
    }

    private static let json: Headers = ["Content-Type": "application/json"]
    private static let ok = Array(#"{"status":"OK"}"#.utf8)
}

extension HTTPExchange {
    /// The error that the function has posted.
    fileprivate var failure: LocalServer.Outcome {
        .failure(head.headers[Diagnostic.typeHeader] ?? "Unhandled", json: body)
    }
}
