import Synchronization
import TallyHTTP
import TallyTestServer
import Testing

@testable import TallyRuntime

/// Events that are sent without HTTP.
@Suite struct LocalServerInvokeTests {
    private let server: LocalServer
    private let function: RawFunction

    init() throws {
        server = try LocalServer.start()
        function = try RawFunction(server.port)
    }

    @Test func `an event sent in the process is answered as over HTTP`() async throws {
        let server = server
        async let outcome = server.invoke(Array("{}".utf8), headers: ["X-Amz-Tenant-Id": "blue"])
        let event = try await function.next()
        try await function.respond(event.id, "<b>", ["Content-Type": "text/html"])

        let answer = await outcome
        #expect(event.text == "{}")
        #expect(event.header("Lambda-Runtime-Aws-Tenant-Id") == "blue")
        #expect(answer.status == 200)
        #expect(answer.headers["Content-Type"] == "text/html")
        #expect(answer.headers["x-amzn-RequestId"] == event.id)
        #expect(answer.body == Array("<b>".utf8))
        #expect(answer.functionError == nil)
        #expect(answer.isWhole)
    }

    @Test func `an error is told by its type`() async throws {
        let server = server
        async let outcome = server.invoke([])
        try await function.fail(try await function.next().id, #"{"errorType":"E"}"#, type: "E")

        let answer = await outcome
        #expect(answer.status == 200)
        #expect(answer.headers["X-Amz-Function-Error"] == "Unhandled")
        #expect(answer.functionError == "E")
        #expect(answer.body == Array(#"{"errorType":"E"}"#.utf8))
    }

    @Test func `a stream is told in its pieces and with its trailers`() async throws {
        let server = server
        async let outcome = server.invoke([])
        try await function.beginStream(try await function.next().id)
        for piece in ["a", "bc"] {
            try await function.write(piece)
            try await server.flushed()
        }
        _ = try await function.endStream("Lambda-Runtime-Function-Error-Type: E\r\n")

        let answer = await outcome
        #expect(answer.chunks == [Array("a".utf8), Array("bc".utf8)])
        #expect(answer.byteCount == 3)
        #expect(answer.trailers["Lambda-Runtime-Function-Error-Type"] == "E")
        #expect(answer.functionError == "E")
    }

    @Test func `a stream that breaks off is told as far as it came`() async throws {
        let server = server
        async let outcome = server.invoke([])
        try await function.beginStream(try await function.next().id)
        try await function.write("half")
        try await server.flushed()
        function.client.reset()

        let answer = await outcome
        #expect(answer.body == Array("half".utf8))
        #expect(!answer.isWhole)
        #expect(answer.functionError == "Runtime.ExitError")
    }

    @Test(arguments: [("Event", 202), ("DryRun", 204), ("Never", 400)])
    func `what needs no function is answered at once`(type: String, status: Int) async {
        #expect(await server.invoke([], headers: ["X-Amz-Invocation-Type": type]).status == status)
    }

    @Test func `an event that is too large is refused`() async {
        #expect(await server.invoke([UInt8](repeating: 0, count: 6_291_557)).status == 413)
    }

    @Test func `a header that would be two is refused or left out`() async throws {
        #expect(await server.invoke([], headers: ["X-Amz-Tenant-Id": "a\r\nb: c"]).status == 400)
        _ = await server.invoke(
            [], headers: ["X-Amz-Invocation-Type": "Event", "X-Amzn-Trace-Id": "a\r\nLambda-Runtime-Aws-Tenant-Id: b"])

        let event = try await function.next()

        #expect(event.header("Lambda-Runtime-Trace-Id") == nil)
        #expect(event.header("Lambda-Runtime-Aws-Tenant-Id") == nil)
    }

    @Test func `who is cancelled waits no longer, and the event is handled`() async throws {
        let server = server
        let task = Task { await server.invoke(Array("kept".utf8)) }
        let event = try await function.next()
        task.cancel()

        let answer = await task.value
        #expect(answer.status == 0)
        #expect(!answer.isWhole)
        #expect(event.text == "kept")
        #expect(try await function.respond(event.id, "dropped").status == 202)
    }

    @Test func `who is cancelled before it sends waits no longer either`() async throws {
        let server = server
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await server.invoke(Array("kept".utf8))
        }

        #expect(await task.value.status == 0)
        #expect(try await function.next().text == "kept")
    }

    @Test func `a server that has stopped has no function`() async {
        server.stop()

        let answer = await server.invoke([])

        #expect(answer.status == 502)
        #expect(answer.functionError == "Runtime.ExitError")
    }

    @Test func `a server that stops answers who waits`() async throws {
        let server = server
        async let running = server.invoke([])
        _ = try await function.next()
        async let waiting = server.invoke([])
        try await server.flushed()
        server.stop()

        #expect(await [running.status, waiting.status] == [502, 502])
    }

    @Test func `an answer is told before its caller has it`() async throws {
        let told = Mutex<[String]>([])
        let server = try LocalServer.start { settings in
            settings.onAnswer = { id, _ in told.withLock { $0.append(id) } }
        }
        let function = try RawFunction(server.port)
        async let outcome = server.invoke([])
        let id = try await function.next().id
        try await function.respond(id, "done")

        let answer = await outcome
        #expect(answer.headers["x-amzn-RequestId"] == id)
        #expect(told.withLock { $0 } == [id])
    }

    @Test func `answers are told in the order in which they are given`() async throws {
        let told = Mutex<[String]>([])
        let server = try LocalServer.start { settings in
            settings.onAnswer = { _, outcome in
                told.withLock { $0.append(String(decoding: outcome.body, as: UTF8.self)) }
            }
        }
        let function = try RawFunction(server.port)
        for _ in 0..<2 { _ = await server.invoke([], headers: ["X-Amz-Invocation-Type": "Event"]) }
        let ids = [try await function.next().id, try await function.next().id]
        try await function.respond(ids[1], "second")
        try await function.respond(ids[0], "first")

        #expect(told.withLock { $0 } == ["second", "first"])
    }
}
