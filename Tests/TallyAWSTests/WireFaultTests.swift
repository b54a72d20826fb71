import Synchronization
import TallyHTTP
import TallyMetrics
import TallyTestServer
import TallyWire
import Testing

@testable import TallyAWS

/// What services and the way to them do wrong, over real connections; waits take no time here.
@Suite struct WireFaultTests {
    private let clock = FixedClock()
    private let input = DynamoDB.GetItemInput(table: "documents", key: WireItem(["pk": .string("1")]))

    private func client(
        _ url: String, transport: CurlTransport = CurlTransport(), retry: RetryPolicy = .standard
    ) throws -> ServiceClient {
        try .scripted(
            transport, clock: clock, retry: retry, overrides: [.dynamoDB: url, .kms: url, .s3: url])
    }

    private func failure(_ client: ServiceClient) async -> ServiceError? {
        await #expect(throws: ServiceError.self) { _ = try await DynamoDB(client).getItem(input) }
    }

    private func json(_ code: String) -> LoopbackServer.Step {
        reply(#"{"__type":"com.amazonaws#\#(code)","message":"m"}"#, status: "400 Bad Request")
    }

    // MARK: - Bodies

    @Test func `the bytes of an object that broke off count beside those of the next attempt`() async throws {
        let server = try LoopbackServer { request in
            switch request.number {
            case 0: [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcdef"), .close]
            // What is no content: the body of an error.
            case 1: [.send("HTTP/1.1 500 No\r\nContent-Length: 10\r\n\r\n<Error>"), .close]
            default: [reply("abcdefghij")]
            }
        }
        defer { server.stop() }
        let s3 = S3(try client(server.url))

        let (body, metrics) = try await Metrics.withScope {
            try await s3.getObject(.init(bucket: "docs", key: "1")).body
        }

        #expect(body.count == 10)
        #expect(metrics.s3Attempts == 3)
        #expect(metrics.s3BytesDownloaded == 16)
    }

    // MARK: - Refusals

    @Test(arguments: ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"])
    func `a throttled call succeeds when there is room again`(code: String) async throws {
        let server = try LoopbackServer { $0.number == 0 ? [json(code)] : [reply("{}")] }
        defer { server.stop() }
        let client = try client(server.url)

        _ = try await DynamoDB(client).getItem(input)

        #expect(clock.sleeps == [.seconds(1)])
        #expect(server.connections == 1)
        #expect(client.quotas.withLock { $0[.dynamoDB]?.tokens } == 500)
    }

    @Test(arguments: ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"])
    func `a call that is always throttled ends after four attempts, five tokens each`(code: String) async throws {
        let server = try LoopbackServer { _ in [json(code)] }
        defer { server.stop() }
        let client = try client(server.url)

        let error = await failure(client)

        #expect(error?.code.rawValue == code)
        #expect(error?.attempts == 4)
        #expect(server.requests.count == 4)
        #expect(client.quotas.withLock { $0[.dynamoDB]?.tokens } == 500 - 3 * 5)
    }

    @Test func `KMS and S3 that throttle are asked three times, five tokens each`() async throws {
        let server = try LoopbackServer { request in
            request.head.hasPrefix("POST")
                ? [json("ThrottlingException")]
                : [reply("<Error><Code>SlowDown</Code></Error>", status: "503 Slow Down")]
        }
        defer { server.stop() }
        let client = try client(server.url)

        let kms = await #expect(throws: ServiceError.self) {
            _ = try await KMS(client).generateDataKey(.init(key: "alias/documents"))
        }
        let s3 = await #expect(throws: ServiceError.self) {
            _ = try await S3(client).getObject(.init(bucket: "documents", key: "a"))
        }

        #expect((kms?.attempts, s3?.attempts) == (3, 3))
        #expect((kms?.isThrottling, s3?.isThrottling) == (true, true))
        #expect(client.quotas.withLock { [$0[.kms]?.tokens, $0[.s3]?.tokens] } == [490, 490])
    }

    @Test(
        arguments: ["500 Internal", "502 Bad Gateway", "503 Unavailable", "504 Gateway Timeout"],
        ["", "<html><body>Bad gateway</body></html>"])
    func `a gateway that is out of order is tried again, fourteen tokens each`(
        status: String, body: String
    ) async throws {
        let server = try LoopbackServer { _ in [reply(body, status: status)] }
        defer { server.stop() }
        let client = try client(server.url)

        let error = await failure(client)

        #expect(error?.status.map { status.hasPrefix("\($0)") } == true)
        #expect(error?.attempts == 4)
        #expect(client.quotas.withLock { $0[.dynamoDB]?.tokens } == 500 - 3 * 14)
    }

    @Test func `an empty quota fills again with successes`() async throws {
        let isDown = Mutex(true)
        let server = try LoopbackServer { _ in [isDown.withLock { $0 } ? reply("", status: "503 x") : reply("{}")] }
        defer { server.stop() }
        let client = try client(server.url)
        // Eleven calls take 42 tokens each and leave 38: the twelfth has two retries, and leaves 10.
        var attempts: [Int?] = []
        for _ in 0..<13 { attempts.append(await failure(client)?.attempts) }
        isDown.withLock { $0 = false }
        for _ in 0..<4 { _ = try await DynamoDB(client).getItem(input) }
        isDown.withLock { $0 = true }
        attempts.append(await failure(client)?.attempts)

        #expect(attempts.prefix(11).allSatisfy { $0 == 4 })
        #expect(attempts.suffix(3) == [3, 1, 2])
        #expect(server.requests.count == 54)
    }

    @Test(arguments: ["301 Moved Permanently", "307 Temporary Redirect"])
    func `a bucket elsewhere is told, and its redirection not followed`(status: String) async throws {
        let elsewhere = try LoopbackServer { _ in [reply("secret")] }
        defer { elsewhere.stop() }
        let location = "Location: \(elsewhere.url)\r\nx-amz-bucket-region: eu-west-1\r\n"
        let server = try LoopbackServer { _ in
            [reply("<Error><Code>PermanentRedirect</Code></Error>", status: status, location)]
        }
        defer { server.stop() }
        let client = try client(server.url)

        let error = await #expect(throws: ServiceError.self) {
            _ = try await S3(client).getObject(.init(bucket: "documents", key: "a"))
        }

        #expect(error?.bucketRegion == "eu-west-1")
        #expect((server.requests.count, elsewhere.connections) == (1, 0))
    }

    // MARK: - Connections

    @Test(
        arguments: [
            [.reset], [.send("HTTP/1.1 200 OK\r\n"), .reset], [.send("HTTP/1.1 200 OK\r\n"), .close],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), .reset],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"), .close],
            [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), .close],
        ] as [[LoopbackServer.Step]])
    func `a write whose answer breaks off is made again as it was`(steps: [LoopbackServer.Step]) async throws {
        let server = try LoopbackServer { $0.number == 0 ? steps : [reply("{}")] }
        defer { server.stop() }
        let client = try client(server.url)
        let item = WireItem(["pk": .string("1"), "title": .string("t")])

        let (record, _) = try await recorded {
            _ = try await DynamoDB(client).putItem(.init(table: "documents", item: item), models: [.test])
        }

        #expect(record?.attempts == 2)
        #expect(clock.sleeps == [.milliseconds(25)])
        #expect(server.requests.map(\.connection) == [1, 2])
        #expect(Set(server.requests.map(\.body)).count == 1)
    }

    @Test func `a body with a changed byte is fetched again, one without a checksum is taken`() async throws {
        let body = #"{"Item":{"pk":{"S":"1"}}}"#
        var sum = CRC32()
        sum.update(Array(body.utf8))
        let checksum = "x-amz-crc32: \(sum.value)\r\n"
        let server = try LoopbackServer { request in
            switch request.number {
            case 0: [reply(body.replacing("1", with: "2"), checksum)]
            case 1: [reply(body, checksum)]
            default: [reply(body)]
            }
        }
        defer { server.stop() }
        let client = try client(server.url)

        #expect(try await DynamoDB(client).getItem(input).item != nil)
        #expect(server.requests.count == 2)
        #expect(try await DynamoDB(client).getItem(input).item != nil)
        #expect(server.requests.count == 3)
    }

    @Test(.enabled(if: Tool.openSSL.exists, "openssl is missing"))
    func `a certificate that is refused costs one attempt, and advice`() async throws {
        let server = try await TLSServer(try CertificateAuthority().certificate())
        let trusted = try CertificateAuthority()
        let transport = CurlTransport(certificates: CertificateLocations(file: trusted.path))

        let error = await failure(try client(server.url, transport: transport))

        #expect(error?.attempts == 1)
        #expect(error?.transportError?.code == .tls)
        #expect(error?.description.contains("AWS_CA_BUNDLE") == true)
        #expect(clock.sleeps.isEmpty)
    }

    @Test(.enabled(if: Tool.openSSL.exists, "openssl is missing"))
    func `a handshake that breaks off is begun again`() async throws {
        let server = try LoopbackServer(at: .firstByte) { _ in [.close] }
        defer { server.stop() }
        let trusted = try CertificateAuthority()
        let transport = CurlTransport(certificates: CertificateLocations(file: trusted.path))

        let error = await failure(try client(server.secureURL, transport: transport))

        #expect(error?.attempts == 4)
        #expect(server.connections == 4)
    }

    // MARK: - Hostile answers

    @Test(
        arguments: [
            String(repeating: "[", count: 200_000), String(repeating: #"{"a":"#, count: 200_000),
            #"{"Item":\#(String(repeating: #"{"a":{"M":"#, count: 50_000))"#, "\0\0\0\0", "{\"Item\":\0}",
            #"{"Item":{"pk":{"S":"# + "\"\u{1}\"}}}", "", "{", "null", "\u{FEFF}{}",
        ], ["200 OK", "400 Bad Request"])
    func `an answer that is no JSON of DynamoDB's is a typed error with a short message`(
        body: String, status: String
    ) async throws {
        let server = try LoopbackServer { _ in [reply(body, status: status)] }
        defer { server.stop() }

        let error = await failure(try client(server.url, retry: .never))

        #expect(status.hasPrefix("200") ? error?.code == .invalidResponse : error?.status == 400)
        #expect(try #require(error).description.utf8.count < 2_000)
    }

    @Test func `an answer that is no UTF-8 is a typed error`() async throws {
        let body = Array(#"{"Item":{"pk":{"S":""#.utf8) + [0xFF, 0xC3, 0x28] + Array(#""}}}"#.utf8)
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n"
        let server = try LoopbackServer { _ in [.send(head), .bytes(body)] }
        defer { server.stop() }

        let error = await failure(try client(server.url, retry: .never))

        #expect(error?.code == .invalidResponse)
    }
}
