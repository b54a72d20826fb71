import Synchronization
import TallyTestServer
import Testing

@testable import TallyHTTP

@Suite struct CurlTransportTests {
    private let transport = CurlTransport()

    @Test func `two requests share one connection`() async throws {
        let server = try LoopbackServer { _ in [reply("a")] }
        defer { server.stop() }

        let first = try await transport.send(Request(.get, server.url))
        let second = try await transport.send(Request(.get, server.url))

        #expect(server.connections == 1)
        #expect(!first.trip.reusedConnection)
        #expect(second.trip.reusedConnection)
        #expect((first.trip.attempts, second.trip.attempts) == (1, 1))
    }

    @Test func `status, headers in order and body arrive as they were sent`() async throws {
        let server = try LoopbackServer { _ in
            [reply("body", status: "418 I'm a teapot", "X-B: 1\r\nx-a:  2 \r\nX-B: 3\r\n")]
        }
        defer { server.stop() }

        let response = try await transport.send(Request(.get, server.url))

        #expect(response.status == 418)
        #expect(response.body == Array("body".utf8))
        #expect(response.headers.fields.map(\.name) == ["Content-Length", "X-B", "x-a", "X-B"])
        #expect(response.headers["X-A"] == "2")
    }

    @Test func `a chunked body is put together, and an interim answer is not the answer`() async throws {
        let server = try LoopbackServer { _ in
            [
                .send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
            ]
        }
        defer { server.stop() }

        let response = try await transport.send(Request(.get, server.url))

        #expect(response.status == 200)
        #expect(response.headers["Link"] == nil)
        #expect(response.body == Array("abcde".utf8))
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "OPTIONS", "DELETE", "GET", "HEAD"])
    func `no header goes out that was not asked for, since it would not be signed`(method: String) async throws {
        let server = try LoopbackServer { _ in [reply()] }
        defer { server.stop() }

        _ = try await transport.send(Request(Request.Method(rawValue: method), server.url))

        let names = server.requests[0].head.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != ":" } }
        #expect(names.filter { !["Host", "Content-Length"].contains($0) }.isEmpty)
    }

    @Test(arguments: [Request.Method.post, .put, .delete], [0, 1, 65_536, 65_537, 3 << 20])
    func `a body of any size goes out with any method`(method: Request.Method, size: Int) async throws {
        let server = try LoopbackServer { _ in [reply()] }
        defer { server.stop() }
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }

        _ = try await transport.send(Request(method, server.url + "a/../b", body: .bytes(body)))

        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("\(method.rawValue) /a/../b HTTP/1.1\r\n"))
        #expect(request.body == body)
        #expect(!request.head.lowercased().contains("expect:"))
        #expect(!request.head.lowercased().contains("content-type:"))
    }

    @Test func `a header may be empty, and may not break the line`() async throws {
        let server = try LoopbackServer { _ in [reply()] }
        defer { server.stop() }

        _ = try await transport.send(Request(.get, server.url, headers: ["X-Empty": "", "Accept": "a/b"]))
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(.get, server.url, headers: ["X-Bad": "1\r\nHost: evil"]))
        }

        #expect(server.requests.first?.head.hasSuffix("\r\nX-Empty:\r\nAccept: a/b") == true)
        #expect(error?.code == .invalidRequest)
        #expect(error?.isRetryable == false)
        #expect(server.requests.count == 1)
    }

    @Test func `a connection that is used again tells its age`() async throws {
        let server = try LoopbackServer { _ in [reply("x")] }
        defer { server.stop() }

        let first = try await transport.send(Request(.get, server.url)).trip
        try await transport.sleep(for: .milliseconds(20))
        let second = try await transport.send(Request(.get, server.url)).trip

        #expect(!first.reusedConnection)
        #expect(second.reusedConnection)
        let age = try #require(second.connectionAge)
        #expect(try age >= .milliseconds(20) && age > #require(first.connectionAge))
    }

    // MARK: - Bounds

    @Test func `a response that fits its limit exactly is returned, one byte more is an error`() async throws {
        let server = try LoopbackServer { _ in [reply(String(repeating: "x", count: 1_000))] }
        defer { server.stop() }
        func request(limit: Int) -> Request {
            var request = Request(.get, server.url)
            request.responseLimit = limit
            return request
        }

        #expect(try await transport.send(request(limit: 1_000)).body.count == 1_000)
        let error = await #expect(throws: TransportError.self) { try await transport.send(request(limit: 999)) }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.isRetryable == false)
        #expect(error?.message.hasSuffix("the response has more than 999 bytes") == true)
    }

    @Test func `of a huge error body 1 MiB is kept, and the status`() async throws {
        let server = try LoopbackServer { _ in
            [.send("HTTP/1.1 503 Unavailable\r\nContent-Length: 5000000\r\n\r\n"), .flood(5_000_000)]
        }
        defer { server.stop() }

        let response = try await transport.send(Request(.get, server.url))

        #expect(response.status == 503)
        #expect(response.body.count == 1 << 20)
    }

    @Test func `headers without end are an error`() async throws {
        let line = "X-Junk: " + String(repeating: "x", count: 1_000) + "\r\n"
        let server = try LoopbackServer { _ in
            [.send("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 1_000) + "Content-Length: 0\r\n\r\n")]
        }
        defer { server.stop() }

        let error = await #expect(throws: TransportError.self) { try await transport.send(Request(.get, server.url)) }

        #expect(error?.code == .responseTooLarge)
        #expect(error?.message.contains("the headers have more than 262144 bytes") == true)
    }

    // MARK: - Failures

    @Test func `a connection that the server closed while idle is replaced, and both attempts count`() async throws {
        // The second request arrives on the first connection, which then closes without a byte of an answer.
        let server = try LoopbackServer { $0.number == 1 ? [.close] : [reply("x")] }
        defer { server.stop() }
        let body = [UInt8](repeating: 7, count: 200_000)

        _ = try await transport.send(Request(.post, server.url, body: .bytes(body)))
        let response = try await transport.send(Request(.post, server.url, body: .bytes(body)))

        #expect(response.trip.attempts == 2)
        #expect(server.requests.map(\.body) == [body, body, body])
        #expect(server.connections == 2)
    }

    // libcurl 7.88 counts the connections that died over a handle's life, and gives the sixth request up.
    @Test func `connections may be closed while idle any number of times`() async throws {
        let known = Mutex<Set<Int>>([])
        let server = try LoopbackServer { request in
            known.withLock { $0.insert(request.connection).inserted } ? [reply("x")] : [.close]
        }
        defer { server.stop() }

        for turn in 0..<14 {
            let response = try await transport.send(Request(.get, server.url))
            #expect(response.trip.attempts == (turn == 0 ? 1 : 2))
        }
    }

    // A server or a gateway that forgets an idle connection may reset it. libcurl learns of it when it sends, and what
    // it could not send never was on a wire.
    @Test(arguments: [3, 200_000])
    func `a connection that was reset while idle is replaced, and what could not be sent does not count`(
        size: Int
    ) async throws {
        let server = try LoopbackServer { $0.number == 0 ? [reply("x"), .reset] : [reply("x")] }
        defer { server.stop() }
        let body = [UInt8](repeating: 7, count: size)

        let first = try await transport.send(Request(.post, server.url, body: .bytes(body)))
        while server.resets == 0 { await Task.yield() }
        let second = try await transport.send(Request(.post, server.url, body: .bytes(body)))

        #expect((first.trip.attempts, second.trip.attempts) == (1, 1))
        #expect(server.requests.map(\.body) == [body, body])
        #expect(!second.trip.reusedConnection)
    }

    @Test func `a body that breaks off is an error, not a short body`() async throws {
        let server = try LoopbackServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), .close] }
        defer { server.stop() }

        let error = await #expect(throws: TransportError.self) { try await transport.send(Request(.get, server.url)) }

        #expect(error?.code == .connectionLost)
        #expect(error?.attempts == 1)
    }

    // Every call has to end: what is no answer must not be waited for either.
    @Test(arguments: [
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nabc", "HTTP/1.1 100 Continue\r\n\r\n", "abc\r\n",
        "\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
    ])
    func `what is not the answer of a server is an error, also to a stream`(text: String) async throws {
        let server = try LoopbackServer { _ in [.send(text), .close] }
        defer { server.stop() }
        let request = Request(.get, server.url)

        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        let streamError = await #expect(throws: TransportError.self) { try await transport.stream(request) }

        #expect(error?.attempts == 1)
        #expect(streamError?.attempts == 1)
    }

    @Test func `a port where nobody listens is named, and nothing went on the wire`() async throws {
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(.get, "http://127.0.0.1:9/path?secret=1"))
        }

        #expect(error?.code == .connectionFailed)
        #expect(error?.attempts == 0)
        #expect(error?.message.contains("GET http://127.0.0.1:9/path:") == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test func `the bound on the whole time ends a request that is not answered`() async throws {
        let server = try LoopbackServer { _ in [.hang] }
        defer { server.stop() }
        let timeouts = Timeouts(connect: .seconds(1), idle: nil, total: .milliseconds(50))

        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(.get, server.url, timeouts: timeouts))
        }

        #expect(error?.code == .timedOut)
    }

    @Test func `HTTPS without certificates is refused with what to do`() async throws {
        let bare = CurlTransport(certificates: CertificateLocations())

        let error = await #expect(throws: TransportError.self) {
            try await bare.send(Request(.get, "https://127.0.0.1:9/"))
        }

        #expect(error?.code == .tls)
        #expect(error?.message.contains("AWS_CA_BUNDLE") == true)
    }

    // MARK: - Cancellation

    @Test func `a cancelled request returns, and the connection is given up`() async throws {
        let server = try LoopbackServer { _ in [.hang] }
        defer { server.stop() }
        let url = server.url
        // Nothing else can end it, however slow the machine is.
        let timeouts = Timeouts(connect: nil, idle: nil, total: nil)
        let task = Task { try await transport.send(Request(.get, url, timeouts: timeouts)) }
        while server.requests.isEmpty { await Task.yield() }

        task.cancel()

        let error = await #expect(throws: TransportError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test func `a request of a cancelled task is not sent`() async throws {
        let server = try LoopbackServer { _ in [reply()] }
        defer { server.stop() }
        let url = server.url

        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await transport.send(Request(.get, url))
        }
        task.cancel()

        await #expect(throws: TransportError.self) { try await task.value }
        #expect(server.requests.isEmpty)
    }

    @Test func `a wait ends at its time, and at once when it is cancelled`() async throws {
        let start = ContinuousClock.now
        try await transport.sleep(for: .milliseconds(20))
        #expect(start.duration(to: .now) >= .milliseconds(20))

        let task = Task { try await transport.sleep(for: .seconds(600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `two hundred requests side by side each get their own answer`() async throws {
        let server = try LoopbackServer { _ in [reply("ok")] }
        defer { server.stop() }
        let url = server.url

        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { try await transport.send(Request(.get, url)).status } }
            return try await group.reduce(0) { $0 + ($1 == 200 ? 1 : 0) }
        }

        #expect(answers == 200)
        #expect(server.requests.count == 200)
    }
}
