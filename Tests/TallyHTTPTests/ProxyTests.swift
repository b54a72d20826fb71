import TallyTestServer
import Testing

/// What the variables of proxies change, each in a process of its own.
@Suite struct ProxyTests {
    private func proxy() throws -> LoopbackServer {
        try LoopbackServer { _ in [reply("", status: "403 Forbidden")] }
    }

    private func answer(_ environment: [String: String]) async throws -> String {
        let run = try FunctionRun(handler: "call", RuntimeAPI([.init()]), environment)
        return try await run.posts(1).first?.json?["text"] as? String ?? ""
    }

    @Test func `HTTPS_PROXY is asked for a tunnel to AWS, and sees no signature`() async throws {
        let proxy = try proxy()
        defer { proxy.stop() }

        let answer = try await answer(["HTTPS_PROXY": proxy.url])

        let request = try #require(proxy.requests.first)
        #expect(request.head.hasPrefix("CONNECT dynamodb.us-east-1.amazonaws.com:443 HTTP/1.1\r\n"))
        #expect(!request.head.contains("AKID"))
        #expect(answer.contains("403"))
        #expect(answer.contains("Check that https://dynamodb.us-east-1.amazonaws.com can be reached"))
    }

    @Test func `NO_PROXY exempts a host`() async throws {
        let proxy = try proxy()
        defer { proxy.stop() }
        let service = try LoopbackServer(at: .firstByte) { _ in [.close] }
        defer { service.stop() }
        let environment = ["HTTPS_PROXY": proxy.url, "AWS_ENDPOINT_URL": service.secureURL]

        _ = try await answer(environment.merging(["NO_PROXY": "example.com,127.0.0.1"]) { $1 })
        #expect((proxy.connections, service.connections) == (0, 1))

        _ = try await answer(environment.merging(["NO_PROXY": "example.com"]) { $1 })
        #expect((proxy.connections, service.connections) == (1, 1))
    }

    @Test func `a plain endpoint is asked for through http_proxy by its whole URL`() async throws {
        let proxy = try proxy()
        defer { proxy.stop() }

        let answer = try await answer(["http_proxy": proxy.url, "AWS_ENDPOINT_URL": "http://plain.test:8000"])

        #expect(proxy.requests.first?.head.hasPrefix("POST http://plain.test:8000/ HTTP/1.1\r\n") == true)
        #expect(answer.contains("403"))
    }

    @Test func `the Runtime API is never asked through a proxy`() async throws {
        let proxy = try proxy()
        defer { proxy.stop() }
        let variables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]

        let run = try FunctionRun(
            handler: "closure", RuntimeAPI([.init(), .init()]),
            Dictionary(uniqueKeysWithValues: variables.map { ($0, proxy.url) }))

        #expect(
            try await run.posts(2).map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        #expect(proxy.connections == 0)
    }
}
