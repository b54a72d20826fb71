import Foundation
import TallyTestServer
import Testing

@Suite struct TracingTests {
    private static let root = "1-5759e988-bd862e3fe1be46a994272793"

    private static func event(_ header: String) -> RuntimeAPI.Event {
        .init(headers: ["Lambda-Runtime-Trace-Id": header])
    }

    private static let sampled = event("Root=\(root);Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:bfbc9ac7:0")
    private static let unsampled = event("Root=\(root);Parent=53995c3f42cd8ad8;Sampled=0")

    /// A DynamoDB without items.
    private func dynamoDB() throws -> LoopbackServer {
        try LoopbackServer { request in [reply("{}", "x-amzn-RequestId: R\(request.number)\r\n")] }
    }

    /// The trace headers that the server saw.
    private func headers(at server: LoopbackServer) -> [String?] {
        server.requests.map { request in
            request.head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("x-amzn-trace-id: ") }
                .map { String($0.dropFirst("x-amzn-trace-id: ".count)) }
        }
    }

    private func documents(_ datagrams: [[UInt8]]) throws -> [[String: Any]] {
        try datagrams.map { datagram in
            let lines = datagram.split(separator: UInt8(ascii: "\n"))
            #expect(String(decoding: lines[0], as: UTF8.self) == #"{"format": "json", "version": 1}"#)
            return try #require(try JSONSerialization.jsonObject(with: Data(lines[1])) as? [String: Any])
        }
    }

    @Test func `calls of sampled invocations reach the daemon, those of others only pass the header on`() async throws {
        let daemon = try DatagramReceiver()
        let server = try dynamoDB()
        defer { server.stop() }
        let run = try FunctionRun(
            handler: "call", RuntimeAPI([Self.unsampled, Self.sampled, .init(), Self.sampled]),
            [
                "AWS_ENDPOINT_URL_DYNAMODB": server.url,
                "AWS_XRAY_DAEMON_ADDRESS": "tcp:127.0.0.1:1 udp:\(daemon.address)",
            ])

        let answers = try await run.posts(4).map { $0.json?["text"] as? String }

        #expect(answers == ["read", "read", "read", "read"])
        let documents = try documents(daemon.take())
        let ids = documents.map { $0["id"] as? String ?? "" }
        #expect(Set(ids).count == 2)
        #expect(documents.map { $0["trace_id"] as? String } == [Self.root, Self.root])
        #expect(documents.map { $0["parent_id"] as? String } == ["53995c3f42cd8ad8", "53995c3f42cd8ad8"])
        let aws = documents.map { $0["aws"] as? [String: Any] }
        #expect(aws.map { $0?["request_id"] as? String } == ["R1", "R3"])
        #expect(aws.map { $0?["table_name"] as? String } == ["documents", "documents"])
        #expect(
            headers(at: server) == [
                "Root=\(Self.root);Parent=53995c3f42cd8ad8;Sampled=0",
                "Root=\(Self.root);Parent=\(ids[0]);Sampled=1;Lineage=1:bfbc9ac7:0", nil,
                "Root=\(Self.root);Parent=\(ids[1]);Sampled=1;Lineage=1:bfbc9ac7:0",
            ])
        #expect(run.metrics.map { $0["traceDrops"] as? Int } == [nil, nil, nil, nil])
    }

    @Test func `the times of a call are those of the wall clock`() async throws {
        let daemon = try DatagramReceiver()
        let server = try dynamoDB()
        defer { server.stop() }
        let before = Date().timeIntervalSince1970
        let run = try FunctionRun(
            handler: "call", RuntimeAPI([Self.sampled]),
            ["AWS_ENDPOINT_URL_DYNAMODB": server.url, "AWS_XRAY_DAEMON_ADDRESS": daemon.address])

        _ = try await run.posts(1)

        let after = Date().timeIntervalSince1970
        let document = try #require(try documents(daemon.take()).first)
        let start = try #require(document["start_time"] as? Double)
        let end = try #require(document["end_time"] as? Double)
        #expect(before < start)
        #expect(start < end)
        #expect(end < after)
    }

    @Test func `a daemon that is not there costs the function nothing but drops`() async throws {
        var daemon: DatagramReceiver? = try DatagramReceiver()
        let address = try #require(daemon).address
        daemon = nil
        let server = try dynamoDB()
        defer { server.stop() }
        let count = 10
        let run = try FunctionRun(
            handler: "call", RuntimeAPI(Array(repeating: Self.sampled, count: count)),
            ["AWS_ENDPOINT_URL_DYNAMODB": server.url, "AWS_XRAY_DAEMON_ADDRESS": address])

        let answers = try await run.posts(count).map { $0.json?["text"] as? String }

        #expect(answers == Array(repeating: "read", count: count))
        #expect(run.metrics.map { $0["HandlerErrors"] as? Int } == Array(repeating: 0, count: count))
        let drops = run.metrics.compactMap { $0["traceDrops"] as? Int }.reduce(0, +)
        #expect((1...count).contains(drops))
    }

    @Test func `a daemon whose name would have to be looked up is told once in the log`() async throws {
        let server = try dynamoDB()
        defer { server.stop() }
        let run = try FunctionRun(
            handler: "call", RuntimeAPI([Self.sampled, Self.sampled]),
            ["AWS_ENDPOINT_URL_DYNAMODB": server.url, "AWS_XRAY_DAEMON_ADDRESS": "daemon.example:2000"])

        let answers = try await run.posts(2).map { $0.json?["text"] as? String }

        #expect(answers == ["read", "read"])
        let complaints = run.lines.filter { $0.contains("AWS_XRAY_DAEMON_ADDRESS") }
        #expect(complaints.count == 1)
        #expect(complaints.first?.contains(#""level":"ERROR""#) == true)
        // Nobody will tell of the call's own segment.
        #expect(headers(at: server).allSatisfy { $0?.contains("Parent=53995c3f42cd8ad8;Sampled=1") == true })
    }

    @Test func `at level none the trace goes on to the service, and nothing to the daemon`() async throws {
        let daemon = try DatagramReceiver()
        let server = try dynamoDB()
        defer { server.stop() }
        let run = try FunctionRun(
            handler: "call", RuntimeAPI([Self.sampled]),
            [
                "AWS_ENDPOINT_URL_DYNAMODB": server.url, "AWS_XRAY_DAEMON_ADDRESS": daemon.address,
                "TALLY_METRICS_LEVEL": "none",
            ])

        _ = try await run.posts(1)

        #expect(headers(at: server).allSatisfy { $0?.contains("Parent=53995c3f42cd8ad8;Sampled=1") == true })
        #expect(headers(at: server).count == 1)
        #expect(daemon.take().isEmpty)
    }
}
