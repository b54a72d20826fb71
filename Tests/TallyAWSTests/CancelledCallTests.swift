import Synchronization
import TallyHTTP
import TallyMetrics
import TallyTestServer
import TallyWire
import Testing

@testable import TallyAWS

/// A call that is cancelled takes nothing from the quota that later calls retry with.
@Suite struct CancelledCallTests {
    private let clock = FixedClock()
    private let input = DynamoDB.GetItemInput(table: "documents", key: WireItem(["pk": .string("1")]))

    private func tokens(_ client: ServiceClient) -> Int {
        client.quotas.withLock { ($0[.dynamoDB] ?? RetryQuota()).tokens }
    }

    @Test func `before its answer`() async throws {
        let server = try LoopbackServer { _ in [.hang] }
        defer { server.stop() }
        let client = try ServiceClient.scripted(CurlTransport(), clock: clock, overrides: [.dynamoDB: server.url])
        let input = input
        let call = Task { try await DynamoDB(client).getItem(input) }
        try await Waiting.until("the request") { server.requests.count == 1 }

        call.cancel()

        let error = await #expect(throws: ServiceError.self) { try await call.value }
        #expect(error?.code == .cancelled)
        #expect(tokens(client) == 500)
    }

    @Test func `during the wait for another attempt, which it gives back`() async throws {
        let server = try LoopbackServer { $0.number < 2 ? [reply("", status: "503 x")] : [reply("{}")] }
        defer { server.stop() }
        let waits = Mutex(0)
        let transport = CurlTransport()
        var effects = clock.effects
        // The second wait is a real one, of a minute.
        effects.sleep = { _ in
            guard
                waits.withLock({
                    $0 += 1
                    return $0
                }) == 2
            else { return }
            try await transport.sleep(for: .seconds(60))
        }
        let client = ServiceClient(
            transport: transport, region: "us-east-1",
            credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
            endpoints: try Endpoints(overrides: [.dynamoDB: server.url]), retry: .standard, effects: effects)
        let input = input
        let call = Task { try await DynamoDB(client).getItem(input) }
        try await Waiting.until("the second wait") { waits.withLock { $0 } == 2 }
        let start = ContinuousClock.now

        call.cancel()

        let error = await #expect(throws: ServiceError.self) { try await call.value }
        #expect(error?.code == .cancelled)
        #expect(error?.attempts == 2)
        #expect(start.duration(to: .now) < .seconds(20))
        // The first retry was made and failed; the second never went out.
        #expect(tokens(client) == 500 - 14)
    }
}
