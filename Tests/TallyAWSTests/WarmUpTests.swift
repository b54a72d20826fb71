import TallyHTTP
import TallyMetrics
import Testing

@testable import TallyAWS

@Suite struct WarmUpTests {
    private let clock = FixedClock()

    @Test func `a connection is opened with GET / or with HEAD on the bucket`() async throws {
        let transport = ScriptedTransport(.status(404))
        let client = try ServiceClient.scripted(transport, clock: clock)

        let (_, snapshot) = try await recorded {
            await client.warmUp(.dynamoDB)
            await client.warmUp(.kms)
            await client.warmUp(bucket: "files")
        }

        let requests = transport.requests
        #expect(requests.map(\.method.rawValue) == ["GET", "GET", "HEAD"])
        #expect(requests.map(\.url) == ["", "", "/files"].map { "\(ServiceClient.local)\($0)/" })
        #expect(requests.allSatisfy { $0.timeouts.total == .seconds(1) })
        #expect(requests.allSatisfy { $0.headers["Authorization"] != nil })
        // Any answer shows that there is a connection.
        #expect(snapshot.kmsErrors + snapshot.s3Errors == 0)
        #expect([snapshot.operationCount, snapshot.kmsCalls, snapshot.s3Calls] == [1, 1, 1])
        #expect(snapshot.estimatedCost == 0.4)
    }

    @Test(arguments: [nil, "files"] as [String?])
    func `a failure is logged and counted, neither thrown nor tried again`(bucket: String?) async throws {
        let transport = ScriptedTransport(.broken(.connectionFailed))
        var snapshot: MetricsSnapshot?

        let lines = try await logLines(at: .warning) { logger in
            let client = ServiceClient(
                transport: transport, region: "us-east-1",
                credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
                endpoints: Endpoints(), retry: .standard, logger: logger, effects: clock.effects)
            (_, snapshot) = try await recorded {
                if let bucket { await client.warmUp(bucket: bucket) } else { await client.warmUp(.kms) }
            }
        }

        #expect(transport.requests.count == 1)
        #expect((snapshot?.kmsErrors, snapshot?.s3Errors) == (bucket == nil ? (1, 0) : (0, 1)))
        #expect(lines.count == 1)
        #expect(lines[0].contains(bucket == nil ? #""dependency":"KMS""# : #""dependency":"S3","resource":"files""#))
        #expect(lines[0].contains(#""code":"NoResponse""#))
    }

    @Test func `a name that is no bucket's is logged, and nothing is sent`() async throws {
        let transport = ScriptedTransport(.status(200))

        let lines = try await logLines(at: .warning) { logger in
            let client = ServiceClient(
                transport: transport, region: "us-east-1",
                credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
                endpoints: Endpoints(), retry: .standard, logger: logger, effects: clock.effects)
            await client.warmUp(bucket: "a/b")
        }

        #expect(transport.requests.isEmpty)
        #expect(lines.first?.contains("not a bucket's name") == true)
    }
}
