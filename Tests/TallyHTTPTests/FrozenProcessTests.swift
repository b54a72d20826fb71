import TallyTestServer
import Testing

/// Lambda freezes a process between two invocations, and connections die meanwhile.
@Suite struct FrozenProcessTests {
    @Test func `after a freeze in which the server hung up, the next call succeeds on a new connection`() async throws {
        let server = try LoopbackServer { _ in [reply("here")] }
        defer { server.stop() }
        let gate = Gate()
        let event = RuntimeAPI.Event(body: #"{"text":"\#(server.url)"}"#)
        let run = try FunctionRun(handler: "fetch", RuntimeAPI([event, event, event], holding: [2: gate]))
        try await run.wait("two answers and the question for a third event") { run.api.nextCount == 3 }

        try await run.freeze()
        server.closeConnections()
        run.thaw()
        gate.open()

        let posts = try await run.posts(3)
        #expect(
            posts.map { $0.json?["text"] as? String } == [
                "200, attempts: 1, connection: new", "200, attempts: 1, connection: kept",
                "200, attempts: 1, connection: new",
            ])
        #expect(server.connections == 2)
    }

    @Test func `an answer that arrived during a freeze is taken`() async throws {
        let isFrozen = Gate()
        let server = try LoopbackServer { _ in [.wait(isFrozen), reply("here")] }
        defer { server.stop() }
        // Bounds that are far away: on a busy machine it takes a while until the process is stopped.
        let event = RuntimeAPI.Event(body: #"{"text":"\#(server.url)","count":600000}"#, milliseconds: 600_000)
        let run = try FunctionRun(handler: "fetch", RuntimeAPI([event]))
        try await run.wait("the request") { server.requests.count == 1 }

        try await run.freeze()
        isFrozen.open()
        run.thaw()

        #expect(try await run.posts(1).first?.json?["text"] as? String == "200, attempts: 1, connection: new")
    }

    @Test func `a Runtime API that hung up during a freeze is asked again`() async throws {
        let run = try FunctionRun(handler: "closure", RuntimeAPI([.init(), .init()], holding: [1: Gate()]))
        try await run.wait("the question for a second event") { run.api.nextCount == 2 }

        try await run.freeze()
        run.api.server.closeConnections()
        run.thaw()

        try await run.wait("another question") { run.api.nextCount == 3 }
    }
}
