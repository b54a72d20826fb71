import TallyTestServer
import Testing

@testable import TallyHTTP

/// Names without an address, and addresses where nobody answers.
@Suite struct NameLookupTests {
    private let transport = CurlTransport()

    @Test func `a name without an address is told, and nothing went on the wire`() async throws {
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(
                Request(
                    .get, "http://tally.invalid/x?secret=1",
                    timeouts: Timeouts(connect: .seconds(20), idle: nil, total: nil)))
        }

        #expect(error?.code == .unknownHost)
        #expect(error?.attempts == 0)
        #expect(error?.isRetryable == true)
        #expect(error?.message.hasPrefix("GET http://tally.invalid/x: ") == true)
    }

    @Test func `a host that never takes the connection is given up after the time to connect`() async throws {
        let server = try LoopbackServer(accepts: false) { _ in [] }
        defer { server.stop() }
        server.fillBacklog()
        let request = Request(
            .get, server.url, timeouts: Timeouts(connect: .milliseconds(300), idle: nil, total: .seconds(60)))
        let start = ContinuousClock.now

        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }

        #expect(error?.code == .timedOut)
        #expect(error?.attempts == 0)
        #expect(error?.isRetryable == true)
        let elapsed = start.duration(to: .now)
        #expect(elapsed >= .milliseconds(290) && elapsed < .seconds(20))
    }

    @Test(.enabled(if: Tool.compiler.exists, "cc is missing"))
    func `a look-up that never ends holds up neither the call, nor the loop, nor the process's end`() async throws {
        let server = try LoopbackServer { _ in [reply("here")] }
        defer { server.stop() }
        let resolver = try StuckResolver()
        let run = try FunctionRun(
            handler: "fetch",
            RuntimeAPI([
                .init(body: #"{"text":"http://stuck.example.com/","count":300}"#),
                .init(body: #"{"text":"\#(server.url)"}"#),
            ]), resolver.environment)

        let posts = try await run.posts(2)

        let text = try #require(posts[0].json?["text"] as? String)
        #expect(text.hasPrefix("GET http://stuck.example.com/: Resolving timed out"))
        #expect(text.hasSuffix("(TimedOut)"))
        let elapsed = try #require(posts[0].json?["count"] as? Int)
        #expect(elapsed >= 290 && elapsed < 10_000)
        #expect(posts[1].json?["text"] as? String == "200, attempts: 1, connection: new")

        run.api.server.stop()
        #expect(try await run.end() == 1)
        withExtendedLifetime(resolver) {}
    }
}
