import TallyTestServer
import Testing

@testable import TallyHTTP

@Suite struct StreamTests {
    private let transport = CurlTransport()

    @Test func `a stream hands the body on in pieces and ends`() async throws {
        let server = try LoopbackServer { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n"), .flood(3_000_000)]
        }
        defer { server.stop() }

        let response = try await transport.stream(Request(.get, server.url))
        var count = 0
        for try await piece in response.body {
            #expect(!piece.isEmpty)
            count += piece.count
        }

        #expect(response.status == 200)
        #expect(count == 3_000_000)
    }

    @Test func `nobody reading holds the server back`() async throws {
        let total = 64 << 20
        let server = try LoopbackServer { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n"), .flood(total)]
        }
        defer { server.stop() }

        let response = try await transport.stream(Request(.get, server.url))
        var before = -1
        // Until the server can push no more: what is left is in the kernel's buffers and half a MiB of ours.
        while server.flooded != before {
            before = server.flooded
            try await transport.sleep(for: .milliseconds(100))
        }
        #expect(before < total / 2)

        #expect(try await response.body.collect().count == total)
    }

    @Test func `a body that breaks off is thrown where the reader is`() async throws {
        let server = try LoopbackServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), .close] }
        defer { server.stop() }

        let response = try await transport.stream(Request(.get, server.url))

        let error = await #expect(throws: TransportError.self) { try await response.body.collect() }
        #expect(error?.code == .connectionLost)
    }

    @Test func `a stream that is dropped ends its connection`() async throws {
        let server = try LoopbackServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"), .hang] }
        defer { server.stop() }

        _ = try await transport.stream(Request(.get, server.url))
        // A second request cannot use the connection of the first, which is gone and not idle.
        _ = try? await transport.send(
            Request(.get, server.url, timeouts: Timeouts(connect: nil, idle: nil, total: .milliseconds(50))))

        #expect(server.connections == 2)
    }

    @Test func `a stream outlives the variable that held its transport`() async throws {
        let server = try LoopbackServer { _ in [reply("still here")] }
        defer { server.stop() }

        let body = try await CurlTransport().stream(Request(.get, server.url)).body

        #expect(try await body.collect() == Array("still here".utf8))
    }
}
