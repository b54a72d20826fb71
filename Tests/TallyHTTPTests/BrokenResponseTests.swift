import TallyTestServer
import Testing

@testable import TallyHTTP

/// Answers that break off or are none, on the wire.
@Suite struct BrokenResponseTests {
    private let transport = CurlTransport()

    private func error(_ steps: [LoopbackServer.Step]) async throws -> TransportError? {
        let server = try LoopbackServer { _ in steps }
        defer { server.stop() }
        let request = Request(.post, server.url, body: .bytes([1, 2, 3]))
        return await #expect(throws: TransportError.self) { try await transport.send(request) }
    }

    // MARK: - Before the body

    @Test(arguments: ["", "H", "HTTP/1.", "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Le"])
    func `an answer that is cut before its body is a lost connection, closed or reset`(sent: String) async throws {
        for ending in [LoopbackServer.Step.close, .reset] {
            let error = try await error(sent.isEmpty ? [ending] : [.send(sent), ending])

            #expect(error?.code == .connectionLost, "\(ending)")
            #expect(error?.attempts == 1)
            #expect(error?.isRetryable == true)
        }
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-"])
    func `an answer that is cut in its headers fails a stream as well`(sent: String) async throws {
        let server = try LoopbackServer { _ in [.send(sent), .close] }
        defer { server.stop() }

        let error = await #expect(throws: TransportError.self) { try await transport.stream(Request(.get, server.url)) }

        #expect(error?.code == .connectionLost)
        #expect(error?.attempts == 1)
    }

    @Test(arguments: ["220 smtp.example.com ESMTP\r\n", "\0\0\0\0\r\n\r\n", "<html></html>", "HTTP/1.1 abc\r\n\r\n"])
    func `what is not HTTP is no answer`(sent: String) async throws {
        let error = try await error([.send(sent), .close])

        #expect(error?.code == .invalidResponse)
        #expect(error?.attempts == 1)
    }

    @Test(arguments: ["20", "2000", "2x0", "-20", "200OK"])
    func `a status that is not of three digits is no answer`(status: String) async throws {
        let error = try await error([.send("HTTP/1.1 \(status) OK\r\nContent-Length: 0\r\n\r\n")])

        #expect(error?.code == .invalidResponse)
        #expect(error?.attempts == 1)
    }

    // MARK: - In the body

    @Test(arguments: [
        "Content-Length: 10\r\n\r\n", "Content-Length: 10\r\n\r\nabc", "Content-Length: 10\r\n\r\nabcdefghi",
        "Transfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n",
    ])
    func `a body that is cut is an error, never a short body`(sent: String) async throws {
        for ending in [LoopbackServer.Step.close, .reset] {
            let error = try await error([.send("HTTP/1.1 200 OK\r\n\(sent)"), ending])

            #expect(error?.code == .connectionLost, "\(ending)")
            #expect(error?.isRetryable == true)
        }
    }

    @Test(arguments: ["zz\r\nabc\r\n0\r\n\r\n", "3\r\nabcdef\r\n0\r\n\r\n", "-1\r\n\r\n"])
    func `chunks that are none are an error, and may be asked for again`(chunks: String) async throws {
        let error = try await error([
            .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)"), .close,
        ])

        #expect(error?.isRetryable == true)
        #expect(error?.attempts == 1)
    }

    @Test(arguments: ["Content-Length: -5", "Content-Length: five"])
    func `a length that is none is no answer`(field: String) async throws {
        let error = try await error([.send("HTTP/1.1 200 OK\r\n\(field)\r\n\r\nabc"), .close])

        #expect(error?.code == .invalidResponse)
    }

    @Test func `bytes behind the body are no part of it, nor of the next answer`() async throws {
        let stray = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray"
        let server = try LoopbackServer { request in
            request.number == 0
                ? [.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc" + stray)] : [reply("next")]
        }
        defer { server.stop() }

        let first = try await transport.send(Request(.get, server.url))
        let second = try await transport.send(Request(.get, server.url))

        #expect(first.body == Array("abc".utf8))
        #expect(second.body == Array("next".utf8))
        #expect(server.connections == 2)
    }

    @Test func `bytes that come while a connection is idle are no part of the next answer`() async throws {
        let (isIdle, isSent) = (Gate(), Gate())
        let server = try LoopbackServer { request in
            let stray = LoopbackServer.Step.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray")
            return request.number == 0 ? [reply("abc"), .wait(isIdle), stray, .open(isSent), .hang] : [reply("next")]
        }
        defer { server.stop() }

        _ = try await transport.send(Request(.get, server.url))
        isIdle.open()
        try await Waiting.until("the stray bytes") { isSent.isOpen }
        for _ in 0..<3 {
            let next = try await transport.send(Request(.get, server.url))
            #expect(next.body == Array("next".utf8))
        }

        #expect(server.connections == 2)
    }

    // MARK: - Redirections

    @Test(arguments: ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
    func `a redirection is an answer and never followed with the same signature`(status: String) async throws {
        let elsewhere = try LoopbackServer { _ in [reply("followed")] }
        defer { elsewhere.stop() }
        let location = "Location: \(elsewhere.url)\r\n"
        let server = try LoopbackServer { _ in [reply("", status: status, location)] }
        defer { server.stop() }

        let response = try await transport.send(
            Request(.get, server.url, headers: ["Authorization": "AWS4-HMAC-SHA256 …"]))

        #expect("\(response.status)" == status.prefix(3))
        #expect(elsewhere.connections == 0)
    }

    // MARK: - Sizes

    @Test func `a header of 64 kB is taken`() async throws {
        let value = String(repeating: "x", count: 64_000)
        let server = try LoopbackServer { _ in [reply("body", "X-Long: \(value)\r\n")] }
        defer { server.stop() }

        let response = try await transport.send(Request(.get, server.url))

        #expect(response.headers["X-Long"] == value)
        #expect(response.body == Array("body".utf8))
    }

    @Test func `a header of 1 MB is an error that another attempt would not mend`() async throws {
        let value = String(repeating: "x", count: 1_000_000)

        let error = try await error([reply("body", "X-Long: \(value)\r\n")])

        #expect(error?.code == .responseTooLarge)
        #expect(error?.isRetryable == false)
        #expect(error?.message.contains("a header has more than 102400 bytes") == true)
    }

    @Test func `a header with NUL in it is no answer`() async throws {
        let error = try await error([reply("body", "X-Bad: a\0b\r\n")])

        #expect(error?.code == .invalidResponse)
    }

    @Test func `bytes that are no UTF-8 are taken as they are`() async throws {
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Bytes: ".utf8)
        let server = try LoopbackServer { _ in
            [.bytes(head + [0xFF, 0xC3] + Array("\r\n\r\n".utf8) + [0xFF, 0, 0xC3, 0x28])]
        }
        defer { server.stop() }

        let response = try await transport.send(Request(.get, server.url))

        #expect(response.headers["X-Bytes"] == "\u{FFFD}\u{FFFD}")
        #expect(response.body == [0xFF, 0, 0xC3, 0x28])
    }
}
