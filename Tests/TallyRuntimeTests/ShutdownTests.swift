import Foundation
import TallyTestServer
import Testing

@Suite struct ShutdownTests {
    private func requests(_ run: FunctionRun) -> [String] {
        run.api.server.requests.map { String($0.head.split(separator: "\r\n")[0]) }
    }

    /// Waits until the function has answered its only event and asks for another.
    private func waitUntilIdle(_ run: FunctionRun) async throws {
        _ = try await run.posts(1)
        try await run.wait("the next request") { run.api.nextCount == 2 }
    }

    @Test func `an internal extension is registered before the first event, and waits for one that never comes`()
        async throws
    {
        let run = try FunctionRun("echo", RuntimeAPI([.init(), .init()]))

        _ = try await run.posts(2)

        #expect(requests(run).first == "POST /2020-01-01/extension/register HTTP/1.1")
        let registration = try #require(run.api.server.requests.first)
        #expect(registration.head.contains("Lambda-Extension-Name: tally"))
        #expect(String(decoding: registration.body, as: UTF8.self) == #"{"events":[]}"#)
        try await run.wait("the extension") { run.api.extensionCount == 1 }
        let parked = run.api.server.requests.first { $0.head.contains("event/next") }
        #expect(parked?.head.contains("Lambda-Extension-Identifier: extension-1") == true)
    }

    @Test func `switched off, there is none`() async throws {
        let run = try FunctionRun("echo", RuntimeAPI([.init()]), ["TALLY_SHUTDOWN": "off"])

        _ = try await run.posts(1)

        #expect(!requests(run).contains { $0.contains("extension") })
    }

    @Test func `where it is refused the function goes on, and says so once`() async throws {
        let run = try FunctionRun("echo", RuntimeAPI([.init(), .init()], registration: "403 Forbidden"))

        _ = try await run.posts(2)

        #expect(run.lines.filter { $0.contains("Extensions API: status 403") }.count == 1)
        #expect(run.api.extensionCount == 0)
    }

    @Test func `a setting that is none is an error of init that names it`() async throws {
        let run = try FunctionRun("echo", RuntimeAPI([]), ["TALLY_SHUTDOWN": "maybe"])

        #expect(try await run.end() == 1)
        #expect((run.api.posts.first?.json?["errorMessage"] as? String)?.hasPrefix("TALLY_SHUTDOWN: 'maybe'") == true)
    }

    @Test(arguments: ["summary", "none"])
    func `hooks run once before the process ends by the signal`(level: String) async throws {
        let run = try FunctionRun(handler: "shutdown", RuntimeAPI([.init()]), ["TALLY_METRICS_LEVEL": level])
        try await waitUntilIdle(run)

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        #expect(run.lines.filter { $0.contains("first hook") }.count == 1)
        #expect(run.lines.filter { $0.contains("second hook") }.count == 1)
        #expect(!run.lines.contains { $0.contains("not all was done") })
    }

    @Test func `hooks run when the Runtime API is gone, and may use the runtime's own loop`() async throws {
        let run = try FunctionRun(handler: "shutdown", RuntimeAPI([.init()]))
        try await waitUntilIdle(run)

        run.api.server.stop()

        #expect(try await run.end() == 1)
        #expect(run.lines.filter { $0.contains("first hook") }.count == 1)
        #expect(run.lines.filter { $0.contains("second hook") }.count == 1)
        #expect(!run.lines.contains { $0.contains("not all was done") })
        #expect(run.lines.last?.contains("Runtime API") == true)
    }

    @Test func `a hook that hangs is left behind, and told`() async throws {
        let run = try FunctionRun(handler: "shutdown", RuntimeAPI([.init()]), ["STALL": "1"])
        try await waitUntilIdle(run)

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        #expect(run.lines.filter { $0.contains("first hook") }.count == 1)
        #expect(run.lines.filter { $0.contains("not all was done within 250 ms") }.count == 1)
    }
}
