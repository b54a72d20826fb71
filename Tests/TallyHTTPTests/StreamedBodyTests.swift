import Synchronization
import TallyTestServer
import Testing

@testable import TallyHTTP

@Suite struct StreamedBodyTests {
    private let transport = CurlTransport()

    /// A body of `count` bytes in pieces of 100,000.
    private func body(of count: Int, announced: Int? = nil) -> RequestBody {
        .stream(count: announced ?? count) {
            let offset = Mutex(0)
            return ByteStream {
                offset.withLock { offset in
                    guard offset < count else { return nil }
                    let piece = (offset..<min(offset + 100_000, count)).map { UInt8(truncatingIfNeeded: $0 * 31) }
                    offset += piece.count
                    return piece
                }
            }
        }
    }

    private func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31) }
    }

    @Test(arguments: [0, 1, 99_999, 100_000, 100_001, 3_000_000])
    func `a streamed body arrives whole`(count: Int) async throws {
        let server = try LoopbackServer { _ in [reply("done")] }
        defer { server.stop() }

        let response = try await transport.send(Request(.put, server.url, body: body(of: count)))

        #expect(response.status == 200)
        #expect(server.requests.map(\.body) == [bytes(count)])
        #expect(server.requests.first?.head.split(separator: "\r\n").contains("Content-Length: \(count)") == true)
    }

    @Test func `a file is sent from the disk`() async throws {
        let server = try LoopbackServer { _ in [reply("done")] }
        defer { server.stop() }
        let file = try TemporaryFile(bytes(700_000))

        _ = try await transport.send(Request(.put, server.url, body: try .file(file.path)))

        #expect(server.requests.map(\.body) == [bytes(700_000)])
    }

    @Test func `a file that is not there is named`() {
        let error = #expect(throws: TransportError.self) { try RequestBody.file("/nowhere/report.pdf") }

        #expect(error?.code == .bodyFailed)
        #expect(error?.message == "/nowhere/report.pdf: No such file or directory")
    }

    @Test func `a directory is no body`() {
        let error = #expect(throws: TransportError.self) { try RequestBody.file("/") }

        #expect(error?.message.contains("not a file") == true)
    }

    @Test(arguments: [(999, "ended after 999"), (1_001, "goes on after that")])
    func `a body of another length than announced never completes`(count: Int, seen: String) async throws {
        let server = try LoopbackServer { _ in [reply("done")] }
        defer { server.stop() }

        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(.put, server.url, body: body(of: count, announced: 1_000)))
        }

        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains(seen) == true)
        #expect(server.requests.isEmpty)
    }

    @Test func `a body that breaks off ends the request with its reason`() async throws {
        struct DiskFailure: Error {}
        let server = try LoopbackServer { _ in [reply("done")] }
        defer { server.stop() }
        let pieces = Mutex(0)
        let body = RequestBody.stream(count: 1_000_000) {
            ByteStream {
                if pieces.withLock({
                    $0 += 1
                    return $0
                }) > 2 {
                    throw DiskFailure()
                }
                return [UInt8](repeating: 1, count: 100_000)
            }
        }

        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(.put, server.url, body: body))
        }

        #expect(error?.code == .bodyFailed)
        #expect(error?.message.contains("DiskFailure") == true)
        #expect(error?.isRetryable == false)
        #expect(server.requests.isEmpty)
    }

    @Test func `a server that does not read holds the stream back`() async throws {
        let server = try LoopbackServer(accepts: false) { _ in [] }
        defer { server.stop() }
        let taken = Mutex(0)
        let body = RequestBody.stream(count: 1 << 30) {
            ByteStream {
                taken.withLock { $0 += 1 << 16 }
                return [UInt8](repeating: 1, count: 1 << 16)
            }
        }

        let error = await #expect(throws: TransportError.self) {
            try await transport.send(
                Request(
                    .put, server.url, body: body,
                    timeouts: Timeouts(connect: nil, idle: nil, total: .milliseconds(300))))
        }

        #expect(error?.code == .timedOut)
        // What the kernel's buffers hold, and no more.
        #expect(taken.withLock { $0 } < 64 << 20)
    }

    @Test func `a replay on a new connection begins the stream anew`() async throws {
        // The second request arrives on the first connection, which then closes without a byte of an answer.
        let server = try LoopbackServer { $0.number == 1 ? [.close] : [reply("x")] }
        defer { server.stop() }

        _ = try await transport.send(Request(.get, server.url))
        let response = try await transport.send(Request(.put, server.url, body: body(of: 250_000)))

        #expect(response.trip.attempts == 2)
        #expect(server.requests.dropFirst().map(\.body) == [bytes(250_000), bytes(250_000)])
    }

    @Test func `cancellation ends the reading of the stream`() async throws {
        let server = try LoopbackServer(accepts: false) { _ in [] }
        defer { server.stop() }
        let (stream, ended) = AsyncStream.makeStream(of: Void.self)
        let body = RequestBody.stream(count: 10) {
            ByteStream {
                await withTaskCancellationHandler {
                    for await _ in stream {}
                } onCancel: {
                    ended.finish()
                }
                return nil
            }
        }

        let task = Task { try await transport.send(Request(.put, server.url, body: body)) }
        try await transport.sleep(for: .milliseconds(50))
        task.cancel()

        let error = await #expect(throws: TransportError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        for await _ in stream {}
    }
}
