import TallyTestServer
import Testing

@testable import TallyRuntime

@Suite struct LocalServerFaultTests {
    private typealias Fault = LocalServer.Fault

    private func server(_ fault: Fault, at stage: LocalServer.Stage) throws -> LocalServer {
        try LocalServer.start { settings in
            settings.fault = { number, faulty in number == 0 && faulty == stage ? fault : nil }
        }
    }

    @Test(arguments: [Fault.close(.start), .close(.headers), .close(.body), .reset(.start), .reset(.body)])
    func `an event that was not handed out whole is handed out again`(fault: LocalServer.Fault) async throws {
        let server = try server(fault, at: .next(attempt: 1))
        let (caller, cheated) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke", [:], Array("event".utf8))
        try await cheated.ask()
        let text = try await cheated.client.rest()

        let function = try RawFunction(server.port)
        let event = try await function.next()
        try await function.respond(event.id, "done")

        #expect(cheated.client.wasReset == [.reset(.start), .reset(.body)].contains(fault))
        switch fault {
        case .close(.headers):
            #expect(text.hasPrefix("HTTP/1.1 200"))
            #expect(!text.contains("\r\n\r\n"))
        case .close(.body), .reset(.body): #expect(text.hasSuffix("\r\n\r\nev"))
        default: #expect(text.isEmpty)
        }
        #expect(event.text == "event")
        #expect(try await caller.response().text == "done")
    }

    @Test func `an event without bytes is not whole either`() async throws {
        let server = try server(.close(.body), at: .next(attempt: 1))
        try await RawClient(server.port).request("POST /invoke")
        let cheated = try RawFunction(server.port)
        try await cheated.ask()

        #expect(try await cheated.client.rest().hasSuffix("\r\n\r"))
    }

    @Test func `a status in place of an event leaves the event`() async throws {
        let server = try server(.status(500), at: .next(attempt: 1))
        let function = try RawFunction(server.port)
        try await RawClient(server.port).request("POST /invoke", [:], Array("event".utf8))

        #expect(try await function.next().response.status == 500)
        #expect(try await function.next().text == "event")
    }

    @Test func `an event may come in chunks`() async throws {
        let server = try server(.chunked, at: .next(attempt: 1))
        let text = String(repeating: "x", count: 20_000)
        try await RawClient(server.port).request("POST /invoke", [:], Array(text.utf8))

        let event = try await RawFunction(server.port).next()

        #expect(event.text == text)
        #expect(event.response.chunks.map(\.count) == [6144, 6144, 6144, 1568])
    }

    @Test func `an event may come one byte at a time`() async throws {
        let server = try server(.oneByteAtATime, at: .next(attempt: 1))
        try await RawClient(server.port).request("POST /invoke", [:], Array("event".utf8))
        let function = try RawFunction(server.port)

        #expect(try await function.next().text == "event")
        // The next answer comes in one piece again, which cannot be seen, over the same connection, which can.
        #expect(try await function.respond("none", "").status == 400)
    }

    @Test(arguments: [413, 403, 500])
    func `an answer may be taken with any status`(status: Int) async throws {
        let server = try server(.status(status), at: .response)
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke")

        #expect(try await function.respond(try await function.next().id, "done").status == status)
        #expect(try await caller.response().text == "done")
    }

    @Test func `an error may be taken without an answer`() async throws {
        let server = try server(.close(.start), at: .error)
        let (caller, function) = (try RawClient(server.port), try RawFunction(server.port))
        try await caller.request("POST /invoke")
        let id = try await function.next().id
        try await function.client.request("POST /2018-06-01/runtime/invocation/\(id)/error", [:], Array("{}".utf8))

        #expect(try await function.client.rest().isEmpty)
        #expect(try await caller.response().header("X-Amz-Function-Error") == "Unhandled")
    }
}
