import TallyTestServer
import Testing

@testable import TallyHTTP

/// What is asked for, byte by byte: a signature holds for what was signed only.
@Suite struct RequestTargetTests {
    private let transport = CurlTransport()

    private func authority(_ server: LoopbackServer) -> String {
        String(server.url.dropLast())
    }

    private func target(_ server: LoopbackServer) -> Substring? {
        server.requests.last?.head.split(separator: "\r\n").first?.split(separator: " ").dropFirst().first
    }

    @Test(
        arguments: [
            "/", "/a/b", "/a?b=c&d", "/?a", "//a//", "/./a/../b", "/%2E%2e/%20+%c3%A4?x=%2F", "/a?b?c/d",
            "/!$&'()*,;:=@-._~", "/{}|^`[]\"<>\\", "/a:b@c/http://d",
        ], [true, false])
    func `path and query go out as they are written`(path: String, usesProxy: Bool) async throws {
        let server = try LoopbackServer { _ in [reply()] }
        defer { server.stop() }

        _ = try await transport.send(Request(.get, authority(server) + path, usesProxy: usesProxy))
        #expect(target(server).map { String($0) } == path)
    }

    @Test(arguments: [("", "/"), ("?a=b", "/?a=b"), ("?a=/b", "/?a=/b"), ("/a#b", "/a"), ("#/a", "/")], [true, false])
    func `a missing path is the root, and a fragment stays here`(
        request: (path: String, sent: String), usesProxy: Bool
    ) async throws {
        let server = try LoopbackServer { _ in [reply()] }
        defer { server.stop() }

        _ = try await transport.send(Request(.get, authority(server) + request.path, usesProxy: usesProxy))
        #expect(target(server).map { String($0) } == request.sent)
    }

    @Test(arguments: ["/a b", "/a?b c", "/a\r\nX: y", "/a\nb", "/a\0b", "/a\u{7F}", "/\u{E4}"], [true, false])
    func `a URL that is not percent-encoded is refused`(path: String, usesProxy: Bool) async throws {
        let server = try LoopbackServer { _ in [reply()] }
        defer { server.stop() }

        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(.get, authority(server) + path, usesProxy: usesProxy))
        }
        #expect(error?.code == .invalidRequest)
        #expect(error?.description.contains("Percent-encode") == true)
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: ["http:///a", "http://", "/a", "host/a", "http://h:99999/", "gopher://127.0.0.1/a"])
    func `a URL without scheme and host is refused`(url: String) async throws {
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(Request(.get, url, usesProxy: false))
        }
        #expect(error?.code == .invalidRequest)
        #expect(error?.description.contains(url) == true)
    }

    @Test func `requests to hosts in turn reach each their own`() async throws {
        let servers = try [LoopbackServer { _ in [reply("0")] }, LoopbackServer { _ in [reply("1")] }]
        defer { for server in servers { server.stop() } }

        for index in [0, 1, 1, 0, 0] {
            let response = try await transport.send(Request(.get, "\(servers[index].url)\(index)"))
            #expect(response.body == Array("\(index)".utf8))
            #expect(target(servers[index]) == "/\(index)")
        }
    }
}
