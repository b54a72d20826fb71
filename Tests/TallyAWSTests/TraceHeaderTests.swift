import TallyHTTP
import TallyMetrics
import TallyTestServer
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct TraceHeaderTests {
    private static let root = "1-5759e988-bd862e3fe1be46a994272793"
    private static let unsampled = "Root=\(root);Parent=53995c3f42cd8ad8;Sampled=0;Lineage=1:bfbc9ac7:0"
    private static let sampled = "Root=\(root);Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:bfbc9ac7:0"

    private let input = DynamoDB.GetItemInput(table: "documents", key: WireItem(["pk": .string("1")]))

    private func scope(
        _ header: String?, level: MetricsLevel = .summary, daemon: DatagramReceiver
    ) throws -> MetricsScope {
        MetricsScope(
            InvocationInfo(traceHeader: header), level: level, emitter: try XRayEmitter(daemonAddress: daemon.address))
    }

    /// The header of each request that a read makes.
    private func headers(in scope: MetricsScope?, _ transport: ScriptedTransport) async throws -> [String?] {
        let client = try ServiceClient.scripted(transport)
        try await MetricsScope.$current.withValue(scope) { _ = try await DynamoDB(client).getItem(input) }
        return transport.requests.map { $0.headers["X-Amzn-Trace-Id"] }
    }

    @Test func `a call passes the invocation's header on, unsigned`() async throws {
        let daemon = try DatagramReceiver()
        let transport = ScriptedTransport(.status(200))

        let headers = try await headers(in: try scope(Self.unsampled, daemon: daemon), transport)

        #expect(headers == [Self.unsampled])
        let authorization = try #require(transport.requests.first?.headers["Authorization"])
        #expect(authorization.contains("SignedHeaders="))
        #expect(!authorization.contains("x-amzn-trace-id"))
        #expect(daemon.take().isEmpty)
    }

    @Test func `the attempts of a sampled call bear one id, that of its subsegment`() async throws {
        let daemon = try DatagramReceiver()
        let transport = ScriptedTransport(
            .unavailable, .broken(), .status(200, "{}", ["x-amzn-RequestId": "R3"]))

        let headers = try await headers(in: try scope(Self.sampled, daemon: daemon), transport)

        let datagrams = try await daemon.wait().map { String(decoding: $0, as: UTF8.self) }
        #expect(headers.count == 3)
        #expect(Set(headers).count == 1)
        #expect(datagrams.count == 1)
        let id = try #require(datagrams.first?.firstMatch(of: /"id":"([0-9a-f]{16})"/)?.1)
        #expect(headers.first == "Root=\(Self.root);Parent=\(id);Sampled=1;Lineage=1:bfbc9ac7:0")
        #expect(
            datagrams[0].hasSuffix(
                #""aws":{"operation":"GetItem","region":"us-east-1","request_id":"R3","table_name":"documents","#
                    + #""retries":2},"http":{"response":{"status":200}}}"#))
    }

    @Test func `each call has an id of its own`() async throws {
        let daemon = try DatagramReceiver()
        let scope = try scope(Self.sampled, daemon: daemon)
        let transport = ScriptedTransport(.status(200))

        _ = try await headers(in: scope, transport)
        let headers = try await headers(in: scope, transport)

        #expect(Set(headers).count == 2)
    }

    @Test func `at level none the header goes on, and no subsegment is sent`() async throws {
        let daemon = try DatagramReceiver()
        let transport = ScriptedTransport(.status(200))

        let headers = try await headers(in: try scope(Self.sampled, level: .none, daemon: daemon), transport)

        #expect(headers == [Self.sampled])
        #expect(daemon.take().isEmpty)
    }

    @Test func `without a header and without a scope nothing is passed on`() async throws {
        let daemon = try DatagramReceiver()
        let transport = ScriptedTransport(.status(200))

        _ = try await headers(in: nil, transport)
        let headers = try await headers(in: try scope(nil, daemon: daemon), transport)

        #expect(headers == [nil, nil])
        #expect(daemon.take().isEmpty)
    }

    @Test func `a call that fails is told with its cause, and throws what it threw`() async throws {
        let daemon = try DatagramReceiver()
        let transport = ScriptedTransport(.broken())

        let scope = try scope(Self.sampled, daemon: daemon)
        let error = await #expect(throws: ServiceError.self) { _ = try await headers(in: scope, transport) }

        #expect(error?.code == .noResponse)
        let datagrams = try await daemon.wait().map { String(decoding: $0, as: UTF8.self) }
        #expect(datagrams.count == 1)
        #expect(datagrams.first?.contains(#""fault":true"#) == true)
        #expect(datagrams.first?.contains(#""type":"ConnectionLost"}"#) == true)
    }
}
