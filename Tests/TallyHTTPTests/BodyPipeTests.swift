import TallyTestServer
import Testing

@testable import TallyHTTP

@Suite struct BodyPipeTests {
    private let transport = CurlTransport()

    private func post(_ pipe: BodyPipe, to url: String) -> Task<Response, any Error> {
        Task { [transport] in
            let headers: Headers = ["Trailer": "Verdict"]
            return try await transport.send(Request(.post, url, headers: headers, body: .pipe(pipe), timeouts: .none))
        }
    }

    @Test(arguments: [[0], [1], [0, 5, 0], [100_000, 1, 300_000], Array(repeating: 4_096, count: 256)])
    func `what is written arrives in order, whatever the pieces are`(sizes: [Int]) async throws {
        let server = try LoopbackServer { _ in [reply("done")] }
        defer { server.stop() }
        let pipe = BodyPipe()
        let response = post(pipe, to: server.url)

        var expected: [UInt8] = []
        for (number, size) in sizes.enumerated() {
            let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size)
            try await pipe.write(piece)
            expected += piece
        }
        pipe.finish()

        #expect(try await response.value.status == 200)
        #expect(server.requests.map(\.body) == [expected])
        #expect(server.requests.first?.trailers == [])
    }

    @Test func `trailers stand behind the body`() async throws {
        let server = try LoopbackServer { _ in [reply("done")] }
        defer { server.stop() }
        let long = String(repeating: "x", count: 60_000)
        let pipe = BodyPipe()
        let response = post(pipe, to: server.url)

        try await pipe.write(Array("rows".utf8))
        pipe.finish(trailers: ["Verdict": "refused", "Reason": long])

        #expect(try await response.value.status == 200)
        #expect(server.requests.first?.body == Array("rows".utf8))
        #expect(server.requests.first?.trailers == ["Verdict: refused", "Reason: \(long)"])
    }

    @Test func `requests with trailers share the connection, one after another`() async throws {
        let server = try LoopbackServer { _ in [reply("done")] }
        defer { server.stop() }

        for _ in 0..<20 {
            let pipe = BodyPipe()
            let response = post(pipe, to: server.url)
            try await pipe.write([1])
            pipe.finish(trailers: ["Verdict": "fine"])
            #expect(try await response.value.status == 200)
            #expect(try await transport.send(Request(.get, server.url)).status == 200)
        }

        #expect(server.connections == 1)
    }

    @Test func `bytes go out before the body ends`() async throws {
        let server = try LoopbackServer(at: .headers) { _ in [.hang] }
        defer { server.stop() }
        let pipe = BodyPipe()
        let response = post(pipe, to: server.url)

        try await pipe.write([1, 2, 3])
        try await pipe.drain()

        // It is told the headers alone; a body that waited for its end would not have them sent.
        try await Waiting.until("the request") { server.requests.count == 1 }
        response.cancel()
        _ = await response.result
    }

    @Test func `a writer waits for a server that does not read, until it is cancelled`() async throws {
        let server = try LoopbackServer(at: .headers) { _ in [.stall] }
        defer { server.stop() }
        let pipe = BodyPipe()
        let response = post(pipe, to: server.url)
        let writer = Task {
            while true { try await pipe.write([UInt8](repeating: 0, count: 65_536)) }
        }
        try await Waiting.until("the request") { server.requests.count == 1 }

        writer.cancel()

        await #expect(throws: BodyPipe.Closure.cancelled) { try await writer.value }
        response.cancel()
        _ = await response.result
    }

    @Test(arguments: ["413 Content Too Large", "200 OK"])
    func `an answer before the end of the body ends the writing`(status: String) async throws {
        let server = try LoopbackServer(at: .headers) { _ in [reply("enough", status: status)] }
        defer { server.stop() }
        let pipe = BodyPipe()
        let response = post(pipe, to: server.url)

        let error = await #expect(throws: BodyPipe.Closure.self) {
            while true { try await pipe.write([UInt8](repeating: 0, count: 65_536)) }
        }

        #expect(error == .requestEnded)
        #expect(try await response.value.status == Int(status.prefix(3)))
        await #expect(throws: BodyPipe.Closure.requestEnded) { try await pipe.write([1]) }
    }

    @Test func `a connection that breaks ends the writing and the request`() async throws {
        let server = try LoopbackServer(at: .headers) { _ in [.reset] }
        defer { server.stop() }
        let pipe = BodyPipe()
        let response = post(pipe, to: server.url)

        await #expect(throws: BodyPipe.Closure.requestEnded) {
            while true { try await pipe.write([UInt8](repeating: 0, count: 65_536)) }
        }

        let error = await #expect(throws: TransportError.self) { try await response.value }
        #expect(error?.attempts == 1)
    }

    @Test func `a request that never starts ends the writing`() async throws {
        let pipe = BodyPipe()
        let response = post(pipe, to: "http://127.0.0.1:1/")

        await #expect(throws: BodyPipe.Closure.requestEnded) {
            while true { try await pipe.write([UInt8](repeating: 0, count: 65_536)) }
        }

        let error = await #expect(throws: TransportError.self) { try await response.value }
        #expect(error?.attempts == 0)
        #expect(pipe.isUntouched)
    }

    @Test func `who waits behind the end of the request is told of it`() async throws {
        let pipe = BodyPipe()
        try await pipe.write([1])
        pipe.close()

        await #expect(throws: BodyPipe.Closure.requestEnded) { try await pipe.drain() }
    }

    @Test func `the first end counts, with its trailers`() async throws {
        let pipe = BodyPipe([1])
        pipe.finish(trailers: ["Verdict": "refused"])
        pipe.finish(trailers: ["Verdict": "fine"])

        #expect(pipe.trailers == ["Verdict": "refused"])
    }

    @Test func `nothing can be written behind the end`() async throws {
        let pipe = BodyPipe()
        pipe.finish()

        await #expect(throws: BodyPipe.Closure.finished) { try await pipe.write([1]) }
    }
}
