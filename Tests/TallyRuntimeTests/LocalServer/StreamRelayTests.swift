import Foundation
import Synchronization
import TallyTestServer
import Testing

@testable import TallyRuntime

@Suite struct StreamRelayTests {
    private let server: LocalServer
    private let caller: RawClient
    private let function: RawFunction
    private let answers: Answers
    private static let integrated = "application/vnd.awslambda.http-integration-response"
    private static let end = String(repeating: "\0", count: 8)

    /// What was told of answers.
    private final class Answers: Sendable {
        private let outcomes = Mutex<[LocalServer.Outcome]>([])

        func add(_ outcome: LocalServer.Outcome) { outcomes.withLock { $0.append(outcome) } }
        var all: [LocalServer.Outcome] { outcomes.withLock { $0 } }
    }

    init() throws {
        let answers = Answers()
        self.answers = answers
        server = try LocalServer.start { $0.onAnswer = { _, outcome in answers.add(outcome) } }
        caller = try RawClient(server.port)
        function = try RawFunction(server.port)
    }

    private func begin(_ contentType: String = "text/plain") async throws -> String {
        try await caller.request("POST /invoke")
        let id = try await function.next().id
        try await function.beginStream(id, contentType: contentType)
        return id
    }

    @Test func `pieces are passed on as they come`() async throws {
        let id = try await begin()
        try await caller.received("\r\n\r\n")
        try await function.write("first")
        try await caller.received("first")
        try await function.write("second")
        try await caller.received("second")
        let taken = try await function.endStream()

        let answer = try await caller.response()

        #expect(taken.status == 202)
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "text/plain")
        #expect(answer.header("x-amzn-RequestId") == id)
        #expect(answer.chunks == ["first", "second"])
        #expect(answer.trailers.isEmpty)
        #expect(answers.all.map(\.byteCount) == [11])
        #expect(answers.all.map(\.isWhole) == [true])
    }

    @Test func `an error behind the pieces is passed on`() async throws {
        _ = try await begin()
        try await function.write("half")
        let taken = try await function.endStream(
            "Lambda-Runtime-Function-Error-Type: OutOfStock\r\nLambda-Runtime-Function-Error-Body: e30=\r\nOther: x\r\n"
        )

        let answer = try await caller.response()

        #expect(taken.status == 202)
        #expect(
            answer.header("Trailer") == "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body")
        #expect(
            answer.trailers
                == "Lambda-Runtime-Function-Error-Type: OutOfStock\r\nLambda-Runtime-Function-Error-Body: e30=")
        #expect(answers.all.map(\.functionError) == ["OutOfStock"])
    }

    @Test(arguments: [1, 3, 1_000])
    func `the prelude becomes status and headers`(pieceCount: Int) async throws {
        _ = try await begin(Self.integrated)
        let prelude =
            #"{"statusCode":201,"headers":{"Content-Type":"text/html","X-Number":7,"Content-Length":"9"},"#
            + #""cookies":["a=1","b=2; Path=/"]}"#
        var rest = Array((prelude + Self.end + "<b>").utf8)[...]
        while !rest.isEmpty {
            try await function.write(String(decoding: rest.prefix(pieceCount), as: UTF8.self))
            rest = rest.dropFirst(pieceCount)
        }
        let taken = try await function.endStream()

        let answer = try await caller.response()

        #expect(taken.status == 202)
        #expect(answer.status == 201)
        #expect(answer.header("Content-Type") == "text/html")
        #expect(answer.header("X-Number") == "7")
        #expect(answer.header("Content-Length") == nil)
        #expect(answer.headers("Set-Cookie") == ["a=1", "b=2; Path=/"])
        #expect(answer.text == "<b>")
    }

    @Test func `a prelude may say nothing`() async throws {
        _ = try await begin(Self.integrated)
        try await function.write("{}" + Self.end)
        _ = try await function.endStream()

        let answer = try await caller.response()

        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/octet-stream")
        #expect(answer.body.isEmpty)
    }

    @Test func `a status without a body has none`() async throws {
        _ = try await begin(Self.integrated)
        try await function.write(#"{"statusCode":204}"# + Self.end + "dropped")
        let taken = try await function.endStream()

        let answer = try await caller.response()

        #expect(taken.status == 202)
        #expect(answer.status == 204)
        #expect(answer.header("Transfer-Encoding") == nil)
        #expect(try await caller.exchange("GET /").status == 404)
    }

    @Test(arguments: [
        ("[]\0\0\0\0\0\0\0\0", "not a JSON object"), ("{\"\0\0\0\0\0\0\0\0", "not a JSON object"),
        ("{}\0\0\0\0\0\0\0x", "no eight NUL bytes"), ("{}\0\0\0", "no eight NUL bytes"), ("{}", "no eight NUL bytes"),
        (#"{"statusCode":99}"# + end, "statusCode is not"), (#"{"statusCode":"200"}"# + end, "statusCode is not"),
        (#"{"headers":{"A b":"c"}}"# + end, "a header has characters"),
        (#"{"headers":{"A":"b\r\nC: d"}}"# + end, "a header has characters"),
        (#"{"headers":{"A":{}}}"# + end, "the value of A is not"),
        (#"{"cookies":[1]}"# + end, "the value of Set-Cookie"),
        (String(repeating: " ", count: 70_000), "more than 65536 bytes"),
    ])
    func `a prelude that is none is the function's error`(text: String, message: String) async throws {
        _ = try await begin(Self.integrated)
        try await function.write(text)
        let taken = try await function.endStream()

        let answer = try await caller.response()

        #expect(taken.status == 202)
        #expect(answer.status == 502)
        #expect(answer.json["errorType"] as? String == "Runtime.InvalidStreamPrelude")
        #expect((answer.json["errorMessage"] as? String)?.hasPrefix("prelude of the stream: \(message)") == true)
        #expect(try await caller.exchange("GET /").status == 404)
    }

    @Test func `a stream that breaks off has no last chunk`() async throws {
        _ = try await begin()
        try await function.write("half")
        try await caller.received("half")
        function.client.reset()

        let text = try await caller.rest()

        #expect(text.hasSuffix("4\r\nhalf\r\n"))
        #expect(answers.all.map(\.isWhole) == [false])
        #expect(answers.all.map(\.functionError) == ["Runtime.ExitError"])
    }

    @Test func `a stream that breaks off before its prelude is whole is told as the end of the function`() async throws
    {
        _ = try await begin(Self.integrated)
        try await function.write("{")
        function.client.reset()

        let answer = try await caller.response()

        #expect(answer.status == 502)
        #expect(answer.json["errorType"] as? String == "Runtime.ExitError")
    }

    @Test func `a stream with a broken chunk breaks off`() async throws {
        _ = try await begin()
        try await function.write("half")
        try await function.client.send("x\r\n")

        #expect(try await function.client.response().status == 400)
        #expect(try await caller.rest().hasSuffix("4\r\nhalf\r\n"))
    }

    @Test func `a caller that is gone does not hold the function up`() async throws {
        _ = try await begin()
        try await function.write("first")
        try await caller.received("first")
        caller.reset()
        let piece = String(repeating: "x", count: 1 << 20)
        for _ in 0..<8 { try await function.write(piece) }

        #expect(try await function.endStream().status == 202)
        #expect(answers.all.map(\.byteCount) == [8 << 20 | 5])
    }

    @Test func `a slow caller holds the function up, and has all in the end`() async throws {
        _ = try await begin()
        let piece = Array("100000\r\n\(String(repeating: "x", count: 1 << 20))\r\n".utf8)
        let whole = (0..<64).reduce(into: []) { bytes, _ in bytes += piece }
        var left = whole[...]
        // The kernel holds a few MiB for each of the two sockets, the server one and what it reads at once.
        var before = -1
        while before != left.count {
            before = left.count
            for _ in 0..<20 {
                left = left.dropFirst(function.client.sendWhatFits(left))
                try await server.flushed()
            }
        }
        #expect(left.count > whole.count / 2)

        let (function, caller) = (function, caller)
        try await Waiting.until("the rest") {
            left = left.dropFirst(function.client.sendWhatFits(left))
            caller.receive(upTo: 4 << 20)
            return left.isEmpty
        }
        try await function.client.send("0\r\n\r\n")
        let answer = try await caller.response()

        #expect(answer.body.count == 64 << 20)
        #expect(try await function.client.response().status == 202)
    }

    @Test func `a stream cannot be answered a second time`() async throws {
        let id = try await begin()
        try await function.write("one")
        let second = try await RawFunction(server.port).respond(id, "two")
        _ = try await function.endStream()

        #expect(second.status == 400)
        #expect(try await caller.response().text == "one")
    }

    @Test func `a stream of a caller who does not wait is taken`() async throws {
        _ = try await caller.exchange("POST /invoke", ["X-Amz-Invocation-Type": "Event"])
        try await function.beginStream(try await function.next().id)
        try await function.write("nobody")

        #expect(try await function.endStream().status == 202)
        #expect(answers.all.map(\.byteCount) == [6])
    }
}
