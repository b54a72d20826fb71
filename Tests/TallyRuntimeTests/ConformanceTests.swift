import Foundation
import TallyTestServer
import Testing

@testable import TallyRuntime

/// The Runtime API as it may be at its worst: what it sends in pieces, late, twice, or not at all.
@Suite struct ConformanceTests {
    private static let dayMilliseconds = 86_400_000

    private func answers(
        to event: RuntimeAPI.Event, handler: String = "context"
    ) async throws -> (run: FunctionRun, post: RuntimeAPI.Post) {
        let run = try FunctionRun(handler: handler, RuntimeAPI([event]))
        return (run, try #require(try await run.posts(1).first))
    }

    // MARK: - The connection

    @Test(arguments: [
        LocalServer.Fault.oneByteAtATime, .chunked, .close(.start), .close(.headers), .close(.body), .reset(.start),
        .reset(.headers), .reset(.body),
    ])
    func `an event that comes in pieces, or at the second attempt, is handled once`(
        fault: LocalServer.Fault
    )
        async throws
    {
        let server = try LocalServer.start { settings in
            settings.timeout = .seconds(600)
            settings.fault = { number, stage in number == 1 && stage == .next(attempt: 1) ? fault : nil }
        }
        let run = try ExecutableRun("echo", at: server.address)
        defer { run.kill() }

        for number in 0..<3 {
            let event = Array(#"{"number":\#(number)}"#.utf8)
            let outcome = await server.invoke(event)
            #expect(outcome.status == 200 && outcome.functionError == nil)
            #expect(outcome.body == event)
        }
    }

    @Test(arguments: [LocalServer.Fault.oneByteAtATime, .chunked, .status(413), .status(403), .status(500)])
    func `however its answer is taken, the next event is handled`(fault: LocalServer.Fault) async throws {
        let server = try LocalServer.start { settings in
            settings.timeout = .seconds(600)
            settings.fault = { number, stage in number == 0 && stage == .response ? fault : nil }
        }
        let run = try ExecutableRun("echo", at: server.address)
        defer { run.kill() }

        #expect(await server.invoke(Array("1".utf8)).body == Array("1".utf8))
        #expect(await server.invoke(Array("2".utf8)).body == Array("2".utf8))
    }

    @Test func `an event of six megabytes passes in chunks`() async throws {
        let server = try LocalServer.start { settings in
            settings.timeout = .seconds(600)
            settings.fault = { _, stage in stage == .next(attempt: 1) ? .chunked : nil }
        }
        let run = try ExecutableRun("echo", at: server.address)
        defer { run.kill() }
        let event = (0..<Payload.maximumByteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }

        #expect(await server.invoke(event).body == event)
    }

    // MARK: - The headers

    @Test func `names of headers count in any case`() async throws {
        let headers = ["lambda-runtime-aws-tenant-id": "tenant", "LAMBDA-RUNTIME-TRACE-ID": "Root=1-5-a;Sampled=0"]
        let (run, post) = try await answers(to: .init(headers: headers, milliseconds: Self.dayMilliseconds))

        #expect(post.json?["tenant"] as? String == "tenant")
        #expect(run.metrics.first?["tenantId"] as? String == "tenant")
    }

    @Test func `an event without a function's ARN, trace, tenant or client is handled`() async throws {
        let event = RuntimeAPI.Event(
            headers: ["Lambda-Runtime-Invoked-Function-Arn": ""], milliseconds: Self.dayMilliseconds)
        let (_, post) = try await answers(to: event)

        #expect(post.json?["functionARN"] as? String == "")
        #expect(post.json?["tenant"] == nil)
    }

    @Test(arguments: ["not JSON", "[]", #"{"client":1}"#, "{\"custom\":{\"k\":\"\u{E9}\"}}"])
    func `a client context that is none of the SDKs' is left out`(context: String) async throws {
        let event = RuntimeAPI.Event(
            headers: ["Lambda-Runtime-Client-Context": context], milliseconds: Self.dayMilliseconds)
        let (_, post) = try await answers(to: event)

        #expect(post.path == "invocation/request-0/response")
        #expect(post.json?["installation"] == nil)
    }

    @Test func `sixty kilobytes of headers are read`() async throws {
        let event = RuntimeAPI.Event(
            headers: [
                "Lambda-Runtime-Client-Context": #"{"custom":{"k":"\#(String(repeating: "v", count: 60_000))"}}"#
            ],
            milliseconds: Self.dayMilliseconds)
        let (_, post) = try await answers(to: event)

        #expect((post.json?["custom"] as? String)?.count == 60_000)
    }

    @Test(arguments: [
        (["Lambda-Runtime-Aws-Request-Id": ""], "without a request id"),
        (["Lambda-Runtime-Deadline-Ms": ""], "request-0 has no deadline"),
        (["Lambda-Runtime-Deadline-Ms": "soon"], "request-0 has no deadline"),
    ])
    func `an event that nobody could answer ends the process with what is missing`(
        headers: [String: String], missing: String
    ) async throws {
        let run = try FunctionRun("echo", RuntimeAPI([.init(headers: headers)]))

        #expect(try await run.end() == 1)
        #expect(run.lines.last?.contains(missing) == true)
    }

    @Test func `an event whose deadline is over is handled, cancelled at once`() async throws {
        let (run, post) = try await answers(to: .init(milliseconds: -5_000), handler: "context")

        #expect(post.path.hasPrefix("invocation/request-0/"))
        try await run.wait("its line") { run.metrics.count == 1 }
    }

    @Test func `an answer names its content type, and JSON's where the handler says none`() async throws {
        let (_, own) = try await answers(
            to: .init(body: #"{"contentType":"image/png"}"#, milliseconds: Self.dayMilliseconds))
        let (_, usual) = try await answers(to: .init(milliseconds: Self.dayMilliseconds), handler: "throws")

        #expect(own.header("Content-Type") == "image/png")
        #expect(usual.header("Content-Type") == "application/json")
    }
}
