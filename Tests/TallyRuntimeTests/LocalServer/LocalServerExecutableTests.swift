import TallyHTTP
import TallyTestServer
import TallyWire
import Testing

@testable import TallyRuntime

/// The server and the runtime, which meet over libcurl.
@Suite struct LocalServerExecutableTests {
    @Test func `an executable answers one event after another`() async throws {
        let server = try LocalServer.start()
        let run = try ExecutableRun("echo", at: server.address)
        defer { run.kill() }

        var answers: [LocalServer.Outcome] = []
        let events = [
            "{}", "", String(repeating: "x", count: 1 << 20), String(repeating: "y", count: 6_291_556), "last",
        ]
        for event in events { answers.append(await server.invoke(Array(event.utf8))) }

        #expect(answers.map { String(decoding: $0.body, as: UTF8.self) } == events)
        #expect(answers.allSatisfy { $0.status == 200 && $0.headers["Content-Type"] == "application/json" })
    }

    @Test func `a function of typed events answers a caller over HTTP`() async throws {
        let server = try LocalServer.start()
        let run = try ExecutableRun("hello", at: server.address)
        defer { run.kill() }
        let request = Request(
            .post, "http://\(server.address)/2015-03-31/functions/hello/invocations",
            body: .bytes(Array(#"{"name":"A","age":31}"#.utf8)), timeouts: .none, usesProxy: false)

        let answer = try await CurlTransport().send(request)

        #expect(answer.status == 200)
        #expect(
            String(decoding: answer.body, as: UTF8.self)
                == #"{"greetings":"Hello A. You look younger than your age."}"#)
    }

    @Test func `an error of a handler is the caller's, and the next event is handled`() async throws {
        let server = try LocalServer.start()
        let run = try ExecutableRun(handler: "throws", at: server.address)
        defer { run.kill() }

        let failed = await server.invoke(Array(#"{"text":"no stock"}"#.utf8))
        let next = await server.invoke(Array("{}".utf8))

        #expect(failed.functionError == "OrderRefused")
        #expect(try JSONValue(json: failed.body)["errorMessage"]?.string == "no stock")
        #expect(next.functionError == nil)
    }

    @Test func `an executable that cannot start tells every caller why`() async throws {
        let server = try LocalServer.start()
        let run = try ExecutableRun(handler: "init-throws", at: server.address)
        defer { run.kill() }

        for _ in 0..<2 {
            let answer = await server.invoke([])
            #expect(answer.functionError == "OrderRefused")
            #expect(try JSONValue(json: answer.body)["errorMessage"]?.string == "the table is not there")
        }
    }

    @Test func `64 callers at once have their own answers`() async throws {
        let server = try LocalServer.start()
        let run = try ExecutableRun("echo", at: server.address)
        defer { run.kill() }
        let port = server.port

        let right = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let caller = try RawClient(port)
                    var right = 0
                    for round in 0..<8 {
                        let event = "\(number).\(round) " + String(repeating: "x", count: number * round * 100)
                        let answer = try await caller.exchange("POST /invoke", [:], event)
                        if answer.status == 200, answer.text == event { right += 1 }
                    }
                    return right
                }
            }
            return try await group.reduce(0, +)
        }

        #expect(right == 512)
    }

    @Test func `a handler that waits too long is cancelled before its time is up`() async throws {
        let server = try LocalServer.start { $0.timeout = .seconds(2) }
        let run = try ExecutableRun(handler: "endings", at: server.address)
        defer { run.kill() }

        let answer = await server.invoke(Array(#"{"text":"suspend"}"#.utf8))

        // Its own report, or the server's where the machine was too slow for it.
        #expect(["Runtime.TimedOut", "Sandbox.Timedout"].contains(answer.functionError))
    }

    @Test func `a function that never answers is timed out, and another one takes the next event`() async throws {
        let (ids, told) = AsyncStream.makeStream(of: String.self)
        let server = try LocalServer.start { settings in
            settings.timeout = .seconds(1)
            settings.onTimeout = { told.yield($0) }
        }
        let stuck = try ExecutableRun(handler: "endings", at: server.address)
        defer { stuck.kill() }

        let late = await server.invoke(Array(#"{"text":"suspend deaf to cancellation"}"#.utf8))
        let id = await ids.first { _ in true }
        stuck.kill()
        let run = try ExecutableRun("echo", at: server.address)
        defer { run.kill() }
        // The time of a slow machine may be up again.
        var next = await server.invoke(Array("next".utf8))
        while next.functionError == "Sandbox.Timedout" { next = await server.invoke(Array("next".utf8)) }

        #expect(late.functionError == "Sandbox.Timedout")
        #expect(late.headers["x-amzn-RequestId"] == id)
        #expect(next.body == Array("next".utf8))
    }

    @Test func `events that wait are handled by the executable that comes`() async throws {
        let server = try LocalServer.start()
        async let first = server.invoke(Array("1".utf8))
        async let second = server.invoke(Array("2".utf8))
        try await server.flushed()
        let run = try ExecutableRun("echo", at: server.address)
        defer { run.kill() }

        #expect(await first.body == Array("1".utf8))
        #expect(await second.body == Array("2".utf8))
    }

    @Test(arguments: [
        (LocalServer.Fault.close(.start), LocalServer.Stage.next(attempt: 1)),
        (.reset(.start), .next(attempt: 1)), (.close(.headers), .next(attempt: 1)),
        (.close(.body), .next(attempt: 1)), (.reset(.body), .next(attempt: 1)), (.oneByteAtATime, .next(attempt: 1)),
        (.chunked, .next(attempt: 1)), (.status(413), .response), (.status(403), .response), (.status(500), .response),
        (.oneByteAtATime, .response), (.chunked, .response),
    ])
    func `the runtime gets over a fault`(fault: LocalServer.Fault, stage: LocalServer.Stage) async throws {
        let server = try LocalServer.start { settings in
            settings.fault = { number, faulty in number == 1 && faulty == stage ? fault : nil }
        }
        let run = try ExecutableRun("echo", at: server.address)
        defer { run.kill() }

        var answers: [String] = []
        for event in ["before", "at the fault", "after"] {
            answers.append(String(decoding: await server.invoke(Array(event.utf8)).body, as: UTF8.self))
        }

        #expect(answers == ["before", "at the fault", "after"])
    }
}
