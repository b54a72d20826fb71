import Synchronization
import TallyTestServer
import Testing

@testable import TallyRuntime

@Suite struct LocalServerTimeoutTests {
    /// The ids that were told.
    private final class Told: Sendable {
        private let ids = Mutex<[String]>([])

        func add(_ id: String) { ids.withLock { $0.append(id) } }
        var all: [String] { ids.withLock { $0 } }
    }

    private func start(_ told: Told, timeout: Duration) throws -> LocalServer {
        try LocalServer.start { settings in
            settings.timeout = timeout
            settings.onTimeout = { told.add($0) }
        }
    }

    @Test func `an invocation has its time, and what comes later is refused`() async throws {
        let told = Told()
        let server = try start(told, timeout: .milliseconds(10))
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke")
        let id = try await function.next().id

        let answer = try await caller.response()
        let late = [try await function.respond(id, "late"), try await function.fail(id, "{}", type: "Late")]

        #expect(answer.status == 200)
        #expect(answer.header("X-Amz-Function-Error") == "Unhandled")
        #expect(
            answer.text == #"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: \#(id) Error: "#
                + #"Task timed out after 0.01 seconds"}"#)
        #expect(late.map(\.status) == [403, 403])
        try await Waiting.until("the report") { told.all == [id] }
    }

    @Test(arguments: [
        (Duration.seconds(3), "3.00"), (.milliseconds(2005), "2.01"), (.milliseconds(90), "0.09"), (.zero, "0.00"),
        (.seconds(900), "900.00"),
    ])
    func `the time is told in hundredths of a second`(timeout: Duration, text: String) {
        #expect(InvocationService.seconds(timeout) == text)
    }

    @Test func `an event that waits for the function has no limit`() async throws {
        let told = Told()
        let server = try start(told, timeout: .zero)
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke", [:], Array("patient".utf8))
        try await server.flushed()

        #expect(told.all.isEmpty)
        #expect(try await function.next().text == "patient")
        #expect(try await caller.response().json["errorType"] as? String == "Sandbox.Timedout")
    }

    @Test func `a stream whose time is up breaks off`() async throws {
        let told = Told()
        let server = try start(told, timeout: .milliseconds(300))
        let function = try RawFunction(server.port)
        // Until one was fast enough: a loaded machine may take longer than the time for the beginning.
        var text = ""
        while !text.contains("half") {
            let caller = try RawClient(server.port)
            try await caller.request("POST /invoke")
            let id = try await function.next().id
            try await function.beginStream(id)
            try await function.write("half")
            text = try await caller.responseOrRest()
            #expect(try await function.endStream().status == 403)
        }

        #expect(text.hasSuffix("4\r\nhalf\r\n"))
    }

    @Test func `no time is too long`() async throws {
        let server = try LocalServer.start { $0.timeout = .seconds(Int64.max) }
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke")
        let event = try await function.next()
        try await function.respond(event.id, "done")

        #expect(event.header("Lambda-Runtime-Deadline-Ms").flatMap { Int64($0) } ?? 0 > 0)
        #expect(try await caller.response().text == "done")
    }
}
