import TallyTestServer
import Testing

@testable import TallyRuntime

/// The server's HTTP, seen from a socket.
@Suite struct LocalServerHTTPTests {
    private let server: LocalServer
    private let caller: RawClient
    private let function: RawFunction
    private static let limit = 6_291_556

    init() throws {
        server = try LocalServer.start()
        caller = try RawClient(server.port)
        function = try RawFunction(server.port)
    }

    @Test func `bytes may come one at a time`() async throws {
        let text =
            "POST /invoke HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n2\r\nde\r\n0\r\nT: t\r\n\r\n"
        for byte in text.utf8 {
            try await caller.send([byte])
            try await server.flushed()
        }

        #expect(try await function.next().text == "abcde")
    }

    @Test func `requests in one piece are answered one after another`() async throws {
        let event = "POST /invoke HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"
        try await caller.send(event + "1" + "GET /none HTTP/1.1\r\nHost: x\r\n\r\n" + event + "2")

        let first = try await function.next()
        try await server.flushed()
        try await function.respond(first.id, "one")
        let second = try await function.next()
        try await function.respond(second.id, "two")

        #expect([first.text, second.text] == ["1", "2"])
        #expect(try await caller.response().text == "one")
        #expect(try await caller.response().status == 404)
        #expect(try await caller.response().text == "two")
    }

    @Test func `a client that sends many requests before it reads has all answers`() async throws {
        let caller = try RawClient(server.port, bufferByteCount: 4096)
        let request = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        let requests = (0..<1000).reduce(into: []) { bytes, _ in bytes += request }
        var sent = 0
        var before = -1
        // Until the kernel holds no more answers, and no more requests.
        while before != sent {
            before = sent
            for _ in 0..<10 {
                let partial = requests[(sent % requests.count)...]
                sent += caller.sendWhatFits(partial)
                try await server.flushed()
            }
        }
        caller.endSending()

        let answerCount = try await caller.rest().utf8.count { $0 == UInt8(ascii: "}") }

        #expect(sent / request.count > 1000)
        #expect(answerCount == sent / request.count)
    }

    @Test func `a body that waits to be asked for is asked for`() async throws {
        try await caller.send("POST /invoke HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        let goOn = try await caller.response()
        try await caller.send("{}")
        let event = try await function.next()
        try await function.respond(event.id, "done")

        #expect(goOn.status == 100)
        #expect(event.text == "{}")
        #expect(try await caller.response().text == "done")
    }

    @Test func `a body that is too large is not asked for`() async throws {
        try await caller.send(
            "POST /invoke HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 7000000\r\n\r\n")

        #expect(try await caller.response().status == 413)
        #expect(try await caller.rest().isEmpty)
    }

    @Test(arguments: [
        "NOTHING\r\n", "GET / HTTP/1.1\r\n\r\n", "POST /invoke HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
    ])
    func `what is malformed is answered, and the connection closed`(text: String) async throws {
        try await caller.send(text)

        let answer = try await caller.response()

        #expect(answer.status == 400)
        #expect(answer.header("Connection") == "close")
        #expect(answer.header("x-amzn-RequestId")?.count == 36)
        #expect(answer.json["Message"] is String)
        #expect(try await caller.rest().isEmpty)
        #expect(!caller.wasReset)
    }

    @Test func `a body that turns out malformed reaches no function`() async throws {
        try await caller.send("POST /invoke HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nx\r\n")
        #expect(try await caller.response().status == 400)

        try await RawClient(server.port).request("POST /invoke", [:], Array("next".utf8))

        #expect(try await function.next().text == "next")
    }

    @Test func `a connection is closed after the answer when the client says so`() async throws {
        let answer = try await caller.exchange("POST /nothing", ["Connection": "keep-alive, Close"], "body")

        #expect(answer.status == 404)
        #expect(answer.header("Connection") == "close")
        #expect(try await caller.rest().isEmpty)
    }

    @Test func `an answer to HEAD has no body`() async throws {
        try await caller.send("HEAD /invoke HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        let text = try await caller.rest()

        #expect(text.hasPrefix("HTTP/1.1 405 "))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test func `a client that stops sending, but listens, has its answer`() async throws {
        try await caller.request("POST /invoke", [:], Array("{}".utf8))
        caller.endSending()
        let event = try await function.next()
        try await function.respond(event.id, "heard")

        #expect(try await caller.response().text == "heard")
    }

    // MARK: - Sizes

    @Test func `an event and an answer may have 6,291,556 bytes`() async throws {
        let text = String(repeating: "x", count: Self.limit)
        try await caller.request("POST /invoke", [:], Array(text.utf8))
        let event = try await function.next()
        let taken = try await function.respond(event.id, text)

        #expect(event.text.utf8.count == Self.limit)
        #expect(taken.status == 202)
        #expect(try await caller.response().body.count == Self.limit)
    }

    @Test(arguments: [
        ("RequestResponse", 6_291_557, "event: 6291557 bytes, Lambda takes 6291556."),
        ("Event", 1_048_577, "event: 1048577 bytes, Lambda takes 1048576."),
    ])
    func `a larger event is refused with what was seen and what to do`(
        type: String, count: Int, message: String
    ) async throws {
        try await caller.request(
            "POST /invoke", ["X-Amz-Invocation-Type": type], [UInt8](repeating: 120, count: count))

        let answer = try await caller.response()

        #expect(answer.status == 413)
        #expect(answer.json["Type"] as? String == "User")
        #expect((answer.json["Message"] as? String)?.hasPrefix(message) == true)
        #expect(answer.header("X-Amzn-ErrorType") == "RequestTooLargeException")
        #expect(answer.header("x-amzn-RequestId") != nil)
        #expect(try await caller.rest().isEmpty)
        #expect(!caller.wasReset)
    }

    @Test func `a chunked event is refused as soon as it is too large`() async throws {
        try await caller.send("POST /invoke HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        // Without an end: the answer cannot wait for it.
        for _ in 0..<7 { try await caller.send("100000\r\n\(String(repeating: "x", count: 1 << 20))\r\n") }

        let answer = try await caller.response()

        #expect(answer.status == 413)
        #expect((answer.json["Message"] as? String)?.hasPrefix("event: more than 6291556 bytes") == true)
    }

    @Test(arguments: [false, true])
    func `an answer that is too large is the function's error`(isChunked: Bool) async throws {
        try await caller.request("POST /invoke")
        let id = try await function.next().id
        let text = String(repeating: "x", count: Self.limit + 1)
        let path = "/2018-06-01/runtime/invocation/\(id)/response"
        if isChunked {
            try await function.client.send(
                "POST \(path) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n0\r\n\r\n")
        } else {
            try await function.client.request("POST \(path)", [:], Array(text.utf8))
        }

        let taken = try await function.client.response()
        let late = try await RawFunction(server.port).fail(id, "{}", type: "TooLarge")
        let answer = try await caller.response()

        #expect(taken.status == 413)
        #expect(taken.json["errorType"] as? String == "RequestEntityTooLarge")
        #expect(late.status == 403)
        #expect(answer.status == 200)
        #expect(answer.header("X-Amz-Function-Error") == "Unhandled")
        #expect(
            answer.text == #"{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size "#
                + #"exceeded maximum allowed payload size (6291556 bytes)."}"#)
    }

    @Test func `an error that is too large is refused, and a smaller one may follow`() async throws {
        try await caller.request("POST /invoke")
        let id = try await function.next().id
        try await function.client.request(
            "POST /2018-06-01/runtime/invocation/\(id)/error", [:], [UInt8](repeating: 120, count: Self.limit + 1))

        let refused = try await function.client.response()
        let taken = try await RawFunction(server.port).fail(id, "{}", type: "Small")

        #expect(refused.status == 413)
        #expect(taken.status == 202)
        #expect(try await caller.response().text == "{}")
    }
}
