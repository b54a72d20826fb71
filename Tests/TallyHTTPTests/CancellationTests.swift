import TallyTestServer
import Testing

@testable import TallyHTTP

/// A request that is cancelled returns at once and leaves nothing behind, whatever it was doing.
///
/// Each test has a process of its own, since descriptors are counted.
@Suite struct CancellationTests {
    private static let rounds = 25

    private func expectNothingLeft(_ url: String, _ environment: [String: String] = [:]) async throws {
        let event = RuntimeAPI.Event(body: #"{"text":"\#(url)","count":\#(Self.rounds)}"#)
        let run = try FunctionRun(handler: "cancel", RuntimeAPI([event]), environment)

        let answer = try #require(try await run.posts(1).first?.json)

        let left = (answer["text"] as? String ?? "").split(separator: " ").compactMap { Int($0) }
        try #require(left.count == 2, "\(answer)")
        // What is left would be left by each of the rounds.
        #expect(left[0] < 5, "descriptors that are left")
        #expect(left[1] < 5, "threads that are left")
        // The bounds of the requests are a minute.
        #expect(try #require(answer["count"] as? Int) < 2_000)
    }

    @Test(.enabled(if: Tool.compiler.exists, "cc is missing"))
    func `while its host is looked up`() async throws {
        let resolver = try StuckResolver()

        try await expectNothingLeft("http://stuck.example.com/", resolver.environment.merging(resolver.gate) { $1 })
        withExtendedLifetime(resolver) {}
    }

    @Test func `while it connects`() async throws {
        let server = try LoopbackServer(accepts: false) { _ in [] }
        defer { server.stop() }
        server.fillBacklog()

        try await expectNothingLeft(server.url)
    }

    @Test(.enabled(if: Tool.openSSL.exists, "openssl is missing"))
    func `in the handshake`() async throws {
        let server = try LoopbackServer(at: .firstByte) { _ in [.hang] }
        defer { server.stop() }
        let authority = try CertificateAuthority()

        try await expectNothingLeft(server.secureURL, ["AWS_CA_BUNDLE": authority.path])
        #expect(server.connections > 0)
    }

    @Test func `before the first byte`() async throws {
        let server = try LoopbackServer { _ in [.hang] }
        defer { server.stop() }

        try await expectNothingLeft(server.url)
    }

    @Test func `in the body`() async throws {
        let server = try LoopbackServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), .hang] }
        defer { server.stop() }

        try await expectNothingLeft(server.url + "body")
        #expect(server.connections == Self.rounds + 1)
    }
}
