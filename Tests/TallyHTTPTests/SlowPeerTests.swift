import TallyTestServer
import Testing

@testable import TallyHTTP

/// Servers that are slow or stand still: the bounds of ``Timeouts``, on the wire.
///
/// Each bound is far from what else could end the request, so that a busy machine does not change what is seen.
@Suite struct SlowPeerTests {
    private let transport = CurlTransport()
    private static let idle = Timeouts(connect: nil, idle: .milliseconds(500), total: .seconds(60))
    private static let total = Timeouts(connect: nil, idle: .seconds(60), total: .milliseconds(500))

    /// Sends what a server that behaves like this leaves unanswered, and returns the error and the time it took.
    private func failure(
        _ server: LoopbackServer, _ timeouts: Timeouts, body: RequestBody = .none
    ) async -> (error: TransportError?, elapsed: Duration) {
        let request = Request(.put, server.url, body: body, timeouts: timeouts)
        let start = ContinuousClock.now
        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        return (error, start.duration(to: .now))
    }

    // MARK: - Standing still

    @Test(arguments: [idle, total])
    func `an answer that does not begin is given up`(timeouts: Timeouts) async throws {
        let server = try LoopbackServer { _ in [.hang] }
        defer { server.stop() }

        let (error, elapsed) = await failure(server, timeouts)

        #expect(error?.code == .timedOut)
        #expect(error?.attempts == 1)
        #expect(error?.isRetryable == true)
        #expect(elapsed >= .milliseconds(490) && elapsed < .seconds(20))
    }

    @Test(arguments: [idle, total])
    func `a body that stops halfway is given up`(timeouts: Timeouts) async throws {
        let server = try LoopbackServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), .hang] }
        defer { server.stop() }

        let (error, elapsed) = await failure(server, timeouts)

        #expect(error?.code == .timedOut)
        #expect(elapsed >= .milliseconds(490) && elapsed < .seconds(20))
    }

    @Test(arguments: [idle, total], [true, false])
    func `an upload that the server stops reading is given up`(timeouts: Timeouts, isStreamed: Bool) async throws {
        let server = try LoopbackServer(at: .headers) { _ in [.stall] }
        defer { server.stop() }
        let body = isStreamed ? Self.stream : .bytes([UInt8](repeating: 1, count: 64 << 20))

        let (error, elapsed) = await failure(server, timeouts, body: body)

        #expect(error?.code == .timedOut)
        #expect(error?.attempts == 1)
        #expect(elapsed >= .milliseconds(490) && elapsed < .seconds(20))
    }

    private static let stream = RequestBody.stream(count: 64 << 20) {
        ByteStream { [UInt8](repeating: 1, count: 1 << 16) }
    }

    @Test func `silence is told with how long it lasted`() async throws {
        let server = try LoopbackServer { _ in [.hang] }
        defer { server.stop() }

        let (error, _) = await failure(server, Self.idle)

        #expect(error?.message == "PUT \(server.url): no byte came or went for 500 ms")
    }

    // MARK: - Dripping

    private static func answer(_ count: Int, every interval: Duration) -> [LoopbackServer.Step] {
        [
            .send("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n"),
            .drip(String(repeating: "x", count: count), every: interval),
        ]
    }

    @Test func `as long as bytes come there is no silence, however few they are`() async throws {
        // Less than a byte a second, which S3 sends while it puts the parts of an upload together.
        let server = try LoopbackServer { _ in Self.answer(7, every: .milliseconds(1_200)) }
        defer { server.stop() }
        let timeouts = Timeouts(connect: nil, idle: .seconds(3), total: nil)

        let response = try await transport.send(Request(.get, server.url, timeouts: timeouts))

        #expect(response.body.count == 7)
    }

    @Test func `the bound on the whole time ends an answer that drips`() async throws {
        let server = try LoopbackServer { _ in Self.answer(10_000, every: .milliseconds(20)) }
        defer { server.stop() }

        let (error, elapsed) = await failure(server, Self.total)

        #expect(error?.code == .timedOut)
        #expect(elapsed >= .milliseconds(490) && elapsed < .seconds(20))
    }

    @Test func `headers that drip are ended as well`() async throws {
        let server = try LoopbackServer { _ in
            [.drip(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 1_000), every: .milliseconds(20))]
        }
        defer { server.stop() }

        let (error, _) = await failure(server, Self.total)

        #expect(error?.code == .timedOut)
    }

    @Test func `a stream that its reader lets wait is not silent`() async throws {
        let server = try LoopbackServer { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 16777216\r\n\r\n"), .flood(16 << 20)]
        }
        defer { server.stop() }
        let timeouts = Timeouts(connect: nil, idle: .milliseconds(200), total: nil)

        let response = try await transport.stream(Request(.get, server.url, timeouts: timeouts))
        var pieces = response.body.makeAsyncIterator()
        var count = try await pieces.next()?.count ?? 0
        // Several times the bound, in which no byte moves because nobody asks for one.
        try await transport.sleep(for: .milliseconds(1_000))
        while let piece = try await pieces.next() { count += piece.count }

        #expect(count == 16 << 20)
    }

    // MARK: - Answering early

    @Test func `an answer that comes before the body was read is returned`() async throws {
        let server = try LoopbackServer(at: .headers) { _ in [reply("too busy", status: "503 Slow Down"), .stall] }
        defer { server.stop() }

        let response = try await transport.send(
            Request(
                .put, server.url, body: Self.stream, timeouts: Timeouts(connect: nil, idle: nil, total: .seconds(20))))

        #expect(response.status == 503)
        #expect(response.body == Array("too busy".utf8))
    }

    @Test func `a server that never says 100 Continue gets the body at once, one that says it as well`() async throws {
        let server = try LoopbackServer { request in
            (request.number == 0 ? [] : [.send("HTTP/1.1 100 Continue\r\n\r\n")]) + [reply("stored")]
        }
        defer { server.stop() }
        let body = RequestBody.bytes([UInt8](repeating: 1, count: 2 << 20))
        let timeouts = Timeouts(connect: nil, idle: nil, total: .seconds(20))

        for _ in 0..<2 {
            let response = try await transport.send(Request(.put, server.url, body: body, timeouts: timeouts))
            #expect(response.body == Array("stored".utf8))
        }

        #expect(server.requests.allSatisfy { !$0.head.contains("Expect") && $0.body.count == 2 << 20 })
    }
}
