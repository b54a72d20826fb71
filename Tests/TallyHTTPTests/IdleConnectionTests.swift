import TallyTestServer
import Testing

@testable import TallyHTTP

/// Connections that die while they are kept for the next request.
@Suite struct IdleConnectionTests {
    private let transport = CurlTransport()

    /// A server whose second request meets the end of its connection, after `sent`.
    private func server(sending sent: String = "", then ending: LoopbackServer.Step) throws -> LoopbackServer {
        try LoopbackServer { $0.number == 1 ? (sent.isEmpty ? [ending] : [.send(sent), ending]) : [reply("x")] }
    }

    @Test(arguments: [LoopbackServer.Step.close, .reset])
    func `a connection that ends just as the request goes out is replaced once, and counted`(
        ending: LoopbackServer.Step
    ) async throws {
        let server = try server(then: ending)
        defer { server.stop() }

        _ = try await transport.send(Request(.get, server.url))
        let response = try await transport.send(Request(.post, server.url, body: .bytes([1, 2, 3])))

        #expect(response.status == 200)
        #expect(response.trip.attempts == 2)
        #expect(!response.trip.reusedConnection)
        #expect(server.requests.map(\.connection) == [1, 1, 2])
        #expect(server.requests.dropFirst().map(\.body) == [[1, 2, 3], [1, 2, 3]])
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    ])
    func `once the answer has begun the request is not sent again`(sent: String) async throws {
        let server = try server(sending: sent, then: .close)
        defer { server.stop() }

        _ = try await transport.send(Request(.get, server.url))
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(.post, server.url, body: .bytes([1, 2, 3])))
        }

        #expect(error?.code == .connectionLost)
        #expect(error?.attempts == 1)
        #expect(server.requests.count == 2)
    }

    // libcurl counts whole lines: what has not said its status has said nothing.
    @Test func `less than a line of the answer is none, and the request goes out once more, counted`() async throws {
        let server = try server(sending: "HTTP/1.1 2", then: .close)
        defer { server.stop() }

        _ = try await transport.send(Request(.get, server.url))
        let response = try await transport.send(Request(.get, server.url))

        #expect(response.status == 200)
        #expect(response.trip.attempts == 2)
        #expect(server.requests.count == 3)
    }

    @Test func `a connection that is new is not tried again`() async throws {
        let server = try LoopbackServer { _ in [.close] }
        defer { server.stop() }

        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(.post, server.url, body: .bytes([1])))
        }

        #expect(error?.code == .connectionLost)
        #expect(error?.attempts == 1)
        #expect(server.requests.count == 1)
    }

    @Test func `connections that the server closed meanwhile cost no attempt`() async throws {
        let gate = Gate()
        let server = try LoopbackServer { request in request.number < 3 ? [.wait(gate), reply("x")] : [reply("x")] }
        defer { server.stop() }
        let url = server.url
        let requests = (0..<3).map { _ in Task { try await transport.send(Request(.get, url)).status } }
        try await Waiting.until("three requests") { server.requests.count == 3 }
        gate.open()
        for request in requests { #expect(try await request.value == 200) }

        server.closeConnections()
        let response = try await transport.send(Request(.get, url))

        #expect(response.status == 200)
        #expect(response.trip.attempts == 1)
        #expect(!response.trip.reusedConnection)
        #expect(server.connections == 4)
    }

    @Test func `an attempt counts whose replay would have met bytes that belong to no request`() async throws {
        let (ready, sent, next) = (Gate(), Gate(), Gate())
        let server = try LoopbackServer { request in
            switch request.number {
            case 0: [.wait(ready), reply("x")]
            case 1: [reply("x"), .wait(next), .send("HTTP/1.1 200 OK\r\n"), .open(sent)]
            case 2: [.open(next), .wait(sent), .close]
            default: [reply("x")]
            }
        }
        defer { server.stop() }
        let url = server.url
        // Of two connections libcurl takes the older one first.
        let older = Task { try await transport.send(Request(.get, url)) }
        try await Waiting.until("the first request") { server.requests.count == 1 }
        _ = try await transport.send(Request(.get, url))
        ready.open()
        _ = try await older.value

        let response = try await transport.send(Request(.get, url))

        #expect(response.trip.attempts == 2)
        #expect(server.requests.map(\.connection) == [1, 2, 1, 3])
    }
}
