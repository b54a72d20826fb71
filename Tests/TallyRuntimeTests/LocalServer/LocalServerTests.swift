import Foundation
import Synchronization
import TallyTestServer
import Testing

@testable import TallyRuntime

@Suite struct LocalServerTests {
    private func pass(_ event: String, _ headers: [String: String] = [:]) async throws -> RawFunction.Event {
        let server = try LocalServer.start()
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke", headers, Array(event.utf8))
        return try await function.next()
    }

    @Test(arguments: ["/invoke", "/2015-03-31/functions/any/invocations", "/invoke?Qualifier=live"])
    func `an event goes to the function and its answer to the caller`(path: String) async throws {
        let server = try LocalServer.start()
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))

        try await caller.request("POST \(path)", ["Content-Type": "text/csv"], Array("a,b\0".utf8))
        let event = try await function.next()
        let taken = try await function.respond(event.id, "<b>", ["Content-Type": "text/html"])
        let answer = try await caller.response()

        #expect(event.text == "a,b\0")
        #expect(taken.status == 202)
        #expect(taken.text == #"{"status":"OK"}"#)
        #expect(answer.status == 200)
        #expect(answer.text == "<b>")
        #expect(answer.header("Content-Type") == "text/html")
        #expect(answer.header("x-amzn-RequestId") == event.id)
        #expect(answer.header("X-Amz-Function-Error") == nil)
    }

    @Test func `an event comes with its id, its deadline and the function's ARN`() async throws {
        let server = try LocalServer.start { settings in
            settings.functionARN = "arn:aws:lambda:eu-west-1:1:function:g"
            settings.timeout = .seconds(7200)
        }
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        let before = Date().timeIntervalSince1970 * 1000

        try await caller.request("POST /invoke", [:], [])
        let event = try await function.next()

        let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        #expect(event.id.wholeMatch(of: uuid) != nil)
        #expect(event.header("Lambda-Runtime-Invoked-Function-Arn") == "arn:aws:lambda:eu-west-1:1:function:g")
        let deadline = try #require(event.header("Lambda-Runtime-Deadline-Ms").flatMap { Double($0) })
        #expect(deadline >= (before + 7_200_000).rounded(.down))
        #expect(deadline <= Date().timeIntervalSince1970 * 1000 + 7_200_000)
    }

    @Test func `what the caller says is told to the function`() async throws {
        let context = Data("{\"client\":\n{}}".utf8).base64EncodedString()
        let event = try await pass(
            "{}",
            [
                "X-Amz-Client-Context": context, "X-Amz-Tenant-Id": "blue",
                "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
            ])

        #expect(event.header("Lambda-Runtime-Client-Context") == #"{"client": {}}"#)
        #expect(event.header("Lambda-Runtime-Aws-Tenant-Id") == "blue")
        #expect(event.header("Lambda-Runtime-Trace-Id") == "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    }

    @Test func `a trace that is not one plain line is not told`() async throws {
        #expect(try await pass("{}", ["X-Amzn-Trace-Id": "Root=é"]).header("Lambda-Runtime-Trace-Id") == nil)
        let twice = ["X-Amzn-Trace-Id": "Root=1", "x-amzn-trace-id": "Root=2"]
        #expect(try await pass("{}", twice).header("Lambda-Runtime-Trace-Id") == nil)
    }

    @Test func `an error of the function is told as Lambda's Invoke API does`() async throws {
        let server = try LocalServer.start()
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        let json = #"{"errorMessage":"sold out","errorType":"OutOfStock"}"#

        try await caller.request("POST /invoke")
        let taken = try await function.fail(try await function.next().id, json, type: "OutOfStock")
        let answer = try await caller.response()

        #expect(taken.status == 202)
        #expect(answer.status == 200)
        #expect(answer.header("X-Amz-Function-Error") == "Unhandled")
        #expect(answer.text == json)
    }

    @Test func `a caller who does not wait has 202 at once, and the event is handled`() async throws {
        let answers = Mutex<[String]>([])
        let server = try LocalServer.start { settings in
            settings.onAnswer = { id, outcome in
                answers.withLock { $0.append("\(id) \(String(decoding: outcome.body, as: UTF8.self))") }
            }
        }
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))

        let answer = try await caller.exchange("POST /invoke", ["X-Amz-Invocation-Type": "Event"], "{}")
        let event = try await function.next()
        let taken = try await function.respond(event.id, "done")

        #expect(answer.status == 202)
        #expect(answer.body.isEmpty)
        #expect(answer.header("x-amzn-RequestId") == event.id)
        #expect(taken.status == 202)
        #expect(answers.withLock { $0 } == ["\(event.id) done"])
    }

    @Test func `a dry run reaches no function`() async throws {
        let server = try LocalServer.start()
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))

        let answer = try await caller.exchange("POST /invoke", ["X-Amz-Invocation-Type": "DryRun"], "dry")
        try await caller.request("POST /invoke", [:], Array("wet".utf8))

        #expect(answer.status == 204)
        #expect(answer.header("Content-Length") == nil)
        #expect(try await function.next().text == "wet")
    }

    @Test(arguments: [
        (["X-Amz-Invocation-Type": "Later"], "X-Amz-Invocation-Type: Later. Use RequestResponse, Event or DryRun"),
        (["X-Amz-Client-Context": "e30"], "X-Amz-Client-Context: not base 64 of JSON."),
        (["X-Amz-Client-Context": "AAAA"], "X-Amz-Client-Context: not base 64 of JSON."),
        (["X-Amz-Client-Context": "////"], "X-Amz-Client-Context: not base 64 of JSON."),
    ])
    func `what a caller cannot say is refused`(headers: [String: String], message: String) async throws {
        let server = try LocalServer.start()

        let answer = try await RawClient(server.port).exchange("POST /invoke", headers, "{}")

        #expect(answer.status == 400)
        #expect(answer.json["Type"] as? String == "User")
        #expect((answer.json["Message"] as? String)?.hasPrefix(message) == true)
        #expect(answer.header("x-amzn-RequestId") != nil)
    }

    @Test(arguments: [
        ("POST /", 404, nil), ("GET /2018-06-01/runtime/restore/next", 404, nil),
        ("POST /2018-06-01/runtime/invocation/1/answer", 404, nil), ("GET /invoke", 405, "POST"),
        ("PUT /2015-03-31/functions/f/invocations", 405, "POST"),
        ("POST /2018-06-01/runtime/invocation/next", 405, "GET"),
        ("GET /2018-06-01/runtime/invocation/1/response", 405, "POST"),
    ])
    func `other paths and methods are told what there is`(line: String, status: Int, allowed: String?) async throws {
        let server = try LocalServer.start()

        let answer = try await RawClient(server.port).exchange(line)

        #expect(answer.status == status)
        #expect(answer.header("Allow") == allowed)
        #expect(answer.json["Message"] is String)
    }

    @Test func `an answer for no open invocation is refused`() async throws {
        let server = try LocalServer.start()
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke")
        let id = try await function.next().id
        try await function.respond(id, "1")

        let refused = [
            try await function.respond(id, "2"), try await function.fail(id, "{}", type: "E"),
            try await function.respond("unknown", "3"),
        ]

        #expect(refused.map(\.status) == [400, 400, 400])
        #expect(refused.allSatisfy { $0.json["errorType"] as? String == "InvalidRequestID" })
        #expect(refused.allSatisfy { $0.json["errorMessage"] is String })
        #expect(try await caller.response().text == "1")
    }

    @Test func `events are handed out in order to whoever asks first`() async throws {
        let server = try LocalServer.start()
        let functions = try (0..<3).map { _ in try RawFunction(server.port) }
        for function in functions {
            try await function.ask()
            // Two connections are not ordered by themselves.
            try await server.flushed()
        }
        let caller = try RawClient(server.port)
        for text in ["a", "b", "c"] {
            _ = try await caller.exchange("POST /invoke", ["X-Amz-Invocation-Type": "Event"], text)
        }

        var texts: [String] = []
        for function in functions { texts.append(try await function.client.response().text) }

        #expect(texts == ["a", "b", "c"])
    }

    @Test func `a function that hung up gets no event`() async throws {
        let server = try LocalServer.start()
        let (lost, function) = (try RawFunction(server.port), try RawFunction(server.port))
        try await lost.ask()
        try await server.flushed()
        lost.client.close()
        try await function.ask()
        try await server.flushed()

        try await RawClient(server.port).request("POST /invoke", [:], Array("kept".utf8))

        #expect(try await function.client.response().text == "kept")
    }

    @Test func `who cannot start answers everything with its error, until somebody asks for events`() async throws {
        let server = try LocalServer.start()
        let (waiting, function) = (try RawClient(server.port), try RawFunction(server.port))
        let json = #"{"errorMessage":"no table","errorType":"ModelError"}"#
        try await waiting.request("POST /invoke")
        try await server.flushed()

        let taken = try await function.client.exchange(
            "POST /2018-06-01/runtime/init/error", ["Lambda-Runtime-Function-Error-Type": "ModelError"], json)
        let later = try await RawClient(server.port).exchange("POST /invoke")
        let answers = [try await waiting.response(), later]
        try await function.ask()
        try await server.flushed()
        try await RawClient(server.port).request("POST /invoke", [:], Array("again".utf8))

        #expect(taken.status == 202)
        #expect(answers.map(\.text) == [json, json])
        #expect(answers.map { $0.header("X-Amz-Function-Error") } == ["Unhandled", "Unhandled"])
        #expect(try await function.client.response().text == "again")
    }

    @Test func `an extension is registered and gets no event`() async throws {
        let server = try LocalServer.start { settings in
            settings.functionName = "orders"
            settings.handler = "save"
        }
        let client = try RawClient(server.port)
        let path = "POST /2020-01-01/extension/register"

        let refused = try await client.exchange(path, [:], #"{"events":[]}"#)
        let answer = try await client.exchange(path, ["Lambda-Extension-Name": "x"], #"{"events":[]}"#)
        try await client.request("GET /2020-01-01/extension/event/next")
        try await server.flushed()
        server.stop()

        #expect(refused.status == 403)
        #expect(answer.status == 200)
        #expect(answer.header("Lambda-Extension-Identifier")?.count == 36)
        #expect(answer.text == #"{"functionName":"orders","functionVersion":"$LATEST","handler":"save"}"#)
        #expect(try await client.rest().isEmpty)
    }

    @Test func `a caller that is gone costs nothing`() async throws {
        let server = try LocalServer.start()
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke")
        let id = try await function.next().id
        caller.reset()
        try await server.flushed()

        #expect(try await function.respond(id, "dropped").status == 202)
    }

    @Test func `a function may answer over another connection`() async throws {
        let server = try LocalServer.start()
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke")
        let id = try await function.next().id
        function.client.close()

        try await RawFunction(server.port).respond(id, "here")

        #expect(try await caller.response().text == "here")
    }

    @Test func `an answer that breaks off before its end may be sent again`() async throws {
        let server = try LocalServer.start()
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke")
        let id = try await function.next().id
        try await function.client.send(
            "POST /2018-06-01/runtime/invocation/\(id)/response HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhal")
        function.client.reset()

        try await RawFunction(server.port).respond(id, "whole")

        #expect(try await caller.response().text == "whole")
    }

    // MARK: - The end

    @Test func `who waits when the server stops is told that the function has ended`() async throws {
        let server = try LocalServer.start()
        let (running, waiting) = (try RawClient(server.port), try RawClient(server.port))
        try await running.request("POST /invoke")
        let id = try await RawFunction(server.port).next().id
        try await waiting.request("POST /invoke")
        try await server.flushed()

        server.stop()

        let answer = try await running.response()
        #expect(answer.status == 502)
        #expect(
            answer.text == #"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: \#(id) Error: "#
                + #"Runtime exited without providing a reason"}"#)
        #expect(try await waiting.response().status == 502)
        #expect(try await running.rest().isEmpty)
        #expect(throws: RawClient.Refused.self) { try RawClient(server.port) }
    }

    @Test func `a server may be stopped twice, and its port is free then`() throws {
        let server = try LocalServer.start()
        server.stop()
        server.stop()

        let next = try LocalServer.start { $0.port = server.port }

        #expect(next.port == server.port)
    }

    @Test func `a port that is taken is an error that says what to do`() throws {
        let server = try LocalServer.start()

        let error = #expect(throws: RuntimeError.self) { try LocalServer.start { $0.port = server.port } }

        #expect(error?.code == .portUnavailable)
        #expect(
            error?.message == "local server: 127.0.0.1:\(server.port) cannot be listened on (Address already in use). "
                + "Set LOCAL_LAMBDA_PORT to another port, or to 0 for any that is free")
    }
}
