import Synchronization
import TallyHTTP
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct RefreshingCredentialsTests {
    private struct Outage: Error {}

    /// Fetches credentials that live for an hour, numbered by the fetch, at a time that tests choose.
    private final class Source: Sendable {
        struct State {
            var now = Timestamp(milliseconds: 0)
            var fetches = 0
            var isDown = false
            var lifetime = Duration.seconds(3_600)
            var gate: [CheckedContinuation<Void, Never>]?
        }

        let state = Mutex(State())

        var provider: RefreshingCredentials {
            let now = { @Sendable in self.state.withLock { $0.now } }
            return RefreshingCredentials(now: now) {
                await withCheckedContinuation { continuation in
                    let isOpen = self.state.withLock { state in
                        state.gate?.append(continuation)
                        return state.gate == nil
                    }
                    if isOpen { continuation.resume() }
                }
                return try self.state.withLock { state in
                    state.fetches += 1
                    if state.isDown { throw Outage() }
                    return Credentials(
                        accessKeyID: "AKID\(state.fetches)", secretAccessKey: "s",
                        expiration: state.now + state.lifetime)
                }
            }
        }

        var fetches: Int { state.withLock { $0.fetches } }

        func advance(by duration: Duration) { state.withLock { $0.now = $0.now + duration } }
        func set(isDown: Bool) { state.withLock { $0.isDown = isDown } }
        func close() { state.withLock { $0.gate = [] } }
        func open() {
            let waiting = state.withLock { state in
                defer { state.gate = nil }
                return state.gate ?? []
            }
            for continuation in waiting { continuation.resume() }
        }
        var waiting: Int { state.withLock { $0.gate?.count ?? 0 } }
    }

    private let source = Source()

    @Test func `credentials are kept until a quarter of an hour before their end`() async throws {
        let provider = source.provider

        #expect(try await provider.credentials().accessKeyID == "AKID1")
        source.advance(by: .seconds(2_699))
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        source.advance(by: .seconds(1))
        #expect(try await provider.credentials().accessKeyID == "AKID2")
        #expect(source.fetches == 2)
    }

    @Test func `many callers share one fetch`() async throws {
        let provider = source.provider
        source.close()

        let callers = (0..<20).map { _ in Task { try await provider.credentials().accessKeyID } }
        while source.waiting == 0 { await Task.yield() }
        source.open()

        for caller in callers { #expect(try await caller.value == "AKID1") }
        #expect(source.fetches == 1)
    }

    @Test func `while one renews in good time, the others go on with what is at hand`() async throws {
        let provider = source.provider
        _ = try await provider.credentials()
        source.advance(by: .seconds(2_800))
        source.close()

        let renewing = Task { try await provider.credentials().accessKeyID }
        while source.waiting == 0 { await Task.yield() }
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        source.open()

        #expect(try await renewing.value == "AKID2")
    }

    // On the main actor, so that the gate opens only once the test waits.
    @Test(arguments: [(400, 336), (3_600, 3_024), (43_200, 42_600)])
    @MainActor func `in the last ten minutes, or the last sixth, all wait for the new ones`(
        lifetime: Int, mandatory: Int
    ) async throws {
        source.state.withLock { $0.lifetime = .seconds(lifetime) }
        let provider = source.provider
        _ = try await provider.credentials()
        source.close()
        source.advance(by: .seconds(mandatory - 1))
        let renewing = Task { try await provider.credentials().accessKeyID }
        while source.waiting == 0 { await Task.yield() }

        #expect(try await provider.credentials().accessKeyID == "AKID1")
        source.advance(by: .seconds(1))
        let opening = Task { source.open() }
        #expect(try await provider.credentials().accessKeyID == "AKID2")

        await opening.value
        #expect(try await renewing.value == "AKID2")
    }

    @Test func `a failure is nobody's problem while the old ones are good, and everybody's afterwards`() async throws {
        let provider = source.provider
        _ = try await provider.credentials()
        source.set(isDown: true)

        source.advance(by: .seconds(3_599))
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        source.advance(by: .seconds(1))
        await #expect(throws: Outage.self) { _ = try await provider.credentials() }
        source.set(isDown: false)
        #expect(try await provider.credentials().accessKeyID.hasPrefix("AKID") == true)
    }

    @Test func `a source that is down is asked once a minute while the old ones are good`() async throws {
        let provider = source.provider
        _ = try await provider.credentials()
        source.set(isDown: true)

        source.advance(by: .seconds(2_700))
        for _ in 0..<120 {
            #expect(try await provider.credentials().accessKeyID == "AKID1")
            source.advance(by: .seconds(1))
        }

        #expect(source.fetches == 3)
    }

    @Test func `credentials that live for minutes only are kept for most of them`() async throws {
        source.state.withLock { $0.lifetime = .seconds(400) }
        let provider = source.provider

        _ = try await provider.credentials()
        source.advance(by: .seconds(299))
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        source.advance(by: .seconds(1))
        #expect(try await provider.credentials().accessKeyID == "AKID2")
    }

    @Test func `credentials that have ended when they come are fetched once more, then refused`() async throws {
        source.state.withLock { $0.lifetime = .zero }
        let provider = source.provider

        let error = await #expect(throws: ConfigurationError.self) { _ = try await provider.credentials() }

        #expect(source.fetches == 2)
        #expect(error?.description.contains("have ended already") == true)
    }

    @Test func `rejected credentials are replaced once, however many calls they failed`() async throws {
        let provider = source.provider
        let rejected = try await provider.credentials()

        #expect(try await provider.credentials(insteadOf: rejected)?.accessKeyID == "AKID2")
        #expect(try await provider.credentials(insteadOf: rejected)?.accessKeyID == "AKID2")
        #expect(try await provider.credentials().accessKeyID == "AKID2")
        #expect(source.fetches == 2)
    }

    @Test func `a caller that is cancelled does not take the fetch from the others`() async throws {
        let provider = source.provider
        source.close()

        let first = Task { try await provider.credentials().accessKeyID }
        while source.waiting == 0 { await Task.yield() }
        let second = Task { try await provider.credentials().accessKeyID }
        first.cancel()
        source.open()

        #expect(try await second.value == "AKID1")
        #expect(source.fetches == 1)
    }
}
