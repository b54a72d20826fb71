import Synchronization
import TallyHTTP
import TallyMetrics
import Testing

@testable import TallyAWS

/// Calls that the service holds open until there is work, while too many retries have emptied the quota.
struct LongPollTests {
    private let clock = FixedClock()

    private func client(_ transport: ScriptedTransport, tokens: Int = 0) throws -> ServiceClient {
        let client = try ServiceClient.scripted(transport, clock: clock, overrides: [:])
        client.quotas.withLock { $0[.sqs] = RetryQuota(tokens: tokens) }
        return client
    }

    private func receive(_ client: ServiceClient) async throws(ServiceError) {
        _ = try await client.call(
            service: .sqs, target: "AmazonSQS.ReceiveMessage", body: Array("{}".utf8), models: [.test])
    }

    @Test func `a poll pauses before it fails, so that a loop of polls is no storm`() async throws {
        let transport = ScriptedTransport(.throttled)

        let (record, _) = try await recorded {
            let client = try client(transport)
            let error = await #expect(throws: ServiceError.self) { try await receive(client) }
            #expect(error?.isThrottling == true)
            #expect(error?.attempts == 1)
        }

        #expect(clock.sleeps == [.seconds(1)])
        #expect(transport.requests.count == 1)
        #expect(record?.retryDelay == .seconds(1))
        #expect(record?.outcome == .error)
    }

    @Test func `a poll of the query protocol pauses too`() async throws {
        let client = try client(ScriptedTransport(.unavailable))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await client.call(
                service: .sqs, action: "ReceiveMessage", version: "2012-11-05", parameters: [:])
        }

        #expect(error?.status == 503)
        #expect(clock.sleeps == [.milliseconds(50)])
    }

    @Test func `a pause that is cancelled gives nothing back, since no retry was to follow it`() async throws {
        // The first failure takes the last 14 tokens and its retry goes out; the pause after the second takes none.
        let clock = FixedClock(cancelsSleep: 2)
        let client = try ServiceClient.scripted(ScriptedTransport(.unavailable), clock: clock, overrides: [:])
        client.quotas.withLock { $0[.sqs] = RetryQuota(tokens: 14) }

        let error = await #expect(throws: ServiceError.self) { try await receive(client) }

        #expect(error?.code == .cancelled)
        #expect(clock.sleeps.count == 2)
        #expect(client.quotas.withLock { $0[.sqs] } == RetryQuota(tokens: 0))
    }

    @Test func `while the quota lasts a poll is retried as any call`() async throws {
        let transport = ScriptedTransport(.unavailable, .unavailable, .status(200))

        try await receive(try client(transport, tokens: 28))

        #expect(clock.sleeps == [.milliseconds(50), .milliseconds(100)])
    }

    @Test func `the last attempt's failure is told at once`() async throws {
        let transport = ScriptedTransport(.unavailable)
        let client = try client(transport, tokens: 500)

        await #expect(throws: ServiceError.self) { try await receive(client) }

        #expect(transport.requests.count == 3)
        #expect(clock.sleeps == [.milliseconds(50), .milliseconds(100)])
    }

    @Test func `what is no poll fails at once`() async throws {
        let client = try client(ScriptedTransport(.unavailable))

        await #expect(throws: ServiceError.self) {
            _ = try await client.call(service: .sqs, target: "AmazonSQS.SendMessage", body: [])
        }

        #expect(clock.sleeps.isEmpty)
    }

    @Test func `a poll does not pause beyond the deadline`() async throws {
        let client = try client(ScriptedTransport(.throttled))

        _ = try await recorded(InvocationInfo(deadline: clock.now + .milliseconds(1_100))) {
            let error = await #expect(throws: ServiceError.self) { try await receive(client) }
            #expect(error?.isThrottling == true)
        }

        #expect(clock.sleeps.isEmpty)
    }

    @Test func `a poll that pauses is no retry in the log`() async throws {
        let lines = try await logLines(at: .debug) { logger in
            let client = ServiceClient(
                transport: ScriptedTransport(.unavailable), region: "us-east-1",
                credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
                endpoints: Endpoints(), retry: .standard, logger: logger, effects: clock.effects)
            client.quotas.withLock { $0[.sqs] = RetryQuota(tokens: 0) }
            await #expect(throws: ServiceError.self) { try await receive(client) }
        }

        #expect(clock.sleeps == [.milliseconds(50)])
        #expect(lines.isEmpty)
    }
}
