import Foundation
import TallyTestServer
import Testing

/// Each way in which an invocation can end, in a process of its own, after an invocation that ends well.
@Suite struct KillMatrixTests {
    struct Survived: Sendable, CustomTestStringConvertible {
        let how: String
        var event: String?
        var milliseconds = 60_000
        var outcome: String?
        var errorType: String?
        var post = "error"
        var testDescription: String { how }

        var body: String { event ?? #"{"text":"\#(how)"}"# }
    }

    // A deadline of 1.2 s has its handler cancelled 40 ms and its line written 20 ms before it. Which of the two tells
    // of a handler that listens is up to who is faster, and so is what is not named here.
    private static let isSanitized = ProcessInfo.processInfo.environment["TSAN_OPTIONS"] != nil

    @Test(arguments: [
        Survived(how: "answer", outcome: "success", post: "response"),
        Survived(how: "throw", outcome: "error", errorType: "OrderRefused"),
        Survived(how: "undecodable", event: #"{"text":1}"#, outcome: "error", errorType: "EventDecodingError"),
        Survived(how: "too large", outcome: "ResponseTooLarge", errorType: "ResponseTooLarge"),
        Survived(how: "suspend", milliseconds: 1200, outcome: "timeout", errorType: nil),
        Survived(how: "spin until cancelled", milliseconds: 1200, post: "response"),
        Survived(
            how: "spin past the deadline", event: #"{"text":"spin","count":1300}"#, milliseconds: 1200,
            outcome: "timeout", errorType: "timeout", post: "response"),
        Survived(
            how: "sleep past the deadline in C", event: #"{"text":"sleep in C","count":1300}"#, milliseconds: 1200,
            outcome: "timeout", errorType: "timeout", post: "response"),
    ])
    func `an invocation that its process survives has one line`(_ row: Survived) async throws {
        let event = RuntimeAPI.Event(body: row.body, milliseconds: row.milliseconds)
        let run = try FunctionRun(handler: "endings", RuntimeAPI([.init(), event, .init()]))

        let posts = try await run.posts(3)

        run.expectOneLine(for: ["request-0", "request-1", "request-2"])
        let line = run.line(of: "request-1")
        let outcome = try #require(line["outcome"] as? String)
        if let expected = row.outcome { #expect(outcome == expected) }
        if let errorType = row.errorType { #expect(line["errorType"] as? String == errorType) }
        #expect(line["HandlerErrors"] as? Int == (outcome == "success" ? 0 : 1))
        #expect(line["TimeoutImminent"] as? Int == (outcome == "timeout" ? 1 : nil))
        #expect(posts[1].path == "invocation/request-1/\(row.post)")
        #expect(run.line(of: "request-2")["outcome"] as? String == "success")
    }

    @Test func `without lines a handler is cancelled before its deadline as well, and the next event works`()
        async throws
    {
        let event = RuntimeAPI.Event(body: #"{"text":"suspend"}"#, milliseconds: 1200)
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([.init(), event, .init()]), ["TALLY_METRICS_LEVEL": "none"])

        let posts = try await run.posts(3)

        #expect(posts[1].json?["errorType"] as? String == "Runtime.TimedOut")
        #expect(posts[2].path == "invocation/request-2/response")
        #expect(run.metrics.isEmpty)
    }

    @Test func `what a handler comes to after its line is one log line that names the request`() async throws {
        let event = RuntimeAPI.Event(body: #"{"text":"spin","count":1300}"#, milliseconds: 1200)
        let run = try FunctionRun(handler: "endings", RuntimeAPI([event, .init()]))

        _ = try await run.posts(2)

        let told = run.lines.filter { $0.contains("after the line of its invocation") }
        #expect(told.count == 1)
        #expect(told.first?.contains(#""requestId":"request-0""#) == true)
        #expect(told.first?.contains(#""result":"success""#) == true)
        #expect(told.first?.contains("_aws") == false)
    }

    @Test func `a handler that does not hear of its cancellation has its line, and SIGTERM adds none`() async throws {
        let event = RuntimeAPI.Event(body: #"{"text":"suspend deaf to cancellation"}"#, milliseconds: 1200)
        let run = try FunctionRun(handler: "endings", RuntimeAPI([.init(), event]))
        try await run.wait("the line") { run.metrics.count == 2 }

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        run.expectOneLine(for: ["request-0", "request-1"])
        #expect(run.line(of: "request-1")["outcome"] as? String == "timeout")
    }

    @Test(
        .disabled(if: Self.isSanitized, "the sanitizer ends such processes itself"),
        arguments: [
            "fatal error", "index out of bounds", "nil unwrapped", "write through a null pointer",
            "null pointer on another thread", "stack overflow", "abort", "raised SIGBUS", "raised SIGTRAP",
            "raised SIGFPE",
        ])
    func `a crash has one line, and is the same crash`(_ how: String) async throws {
        let event = RuntimeAPI.Event(body: #"{"text":"\#(how)"}"#)
        let environment = ["SWIFT_BACKTRACE": "enable=no"]
        let bare = try FunctionRun(
            handler: "endings", RuntimeAPI([event]), environment.merging(["TALLY_METRICS_LEVEL": "none"]) { $1 })
        let run = try FunctionRun(handler: "endings", RuntimeAPI([.init(), event]), environment)

        let status = try await run.end()

        #expect(status < 0)
        #expect(try await bare.end() == status)
        #expect(bare.metrics.isEmpty)
        run.expectOneLine(for: ["request-0", "request-1"])
        let line = run.line(of: "request-1")
        #expect(line["outcome"] as? String == "crash")
        #expect(line["errorType"] as? String == Self.name(ofSignal: -status))
        #expect(line["HandlerErrors"] as? Int == 1)
        #expect(line["ColdStart"] as? Int == 0)
        #expect(run.api.posts.map(\.path) == ["invocation/request-0/response"])
    }

    @Test(arguments: [0, 3])
    func `exit in a handler has one line and a log line, and its status`(status: Int32) async throws {
        let event = RuntimeAPI.Event(body: #"{"text":"exit(\#(status))"}"#)
        let run = try FunctionRun(handler: "endings", RuntimeAPI([.init(), event]))

        #expect(try await run.end() == status)

        run.expectOneLine(for: ["request-0", "request-1"])
        #expect(run.line(of: "request-1")["outcome"] as? String == "exit")
        #expect(run.line(of: "request-1")["errorType"] as? String == "exit(\(status))")
        let told = run.lines.filter { $0.contains("exit(\(status)) was called") }
        #expect(told.count == 1)
        #expect(told.first?.contains(#""requestId":"request-1""#) == true)
    }

    @Test(arguments: [
        "suspend", "suspend deaf to cancellation", "spin", "sleep in C",
    ])
    func `SIGTERM in a handler has one line`(_ how: String) async throws {
        let event = RuntimeAPI.Event(body: #"{"text":"\#(how)"}"#)
        let run = try FunctionRun(handler: "endings", RuntimeAPI([.init(), event]))
        try await run.begun(2)

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        run.expectOneLine(for: ["request-0", "request-1"])
        #expect(run.line(of: "request-1")["outcome"] as? String == "shutdown")
    }

    @Test func `SIGTERM waits for the line that the loop is writing, and adds none`() async throws {
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([.init(body: #"{"text":"SIGTERM while writing the line"}"#)]))

        #expect(try await run.end() == -SIGTERM)

        #expect(run.lines.contains("the slow line"))
        #expect(run.metrics.isEmpty)
    }

    @Test func `SIGTERM between invocations adds no line`() async throws {
        let run = try FunctionRun(handler: "endings", RuntimeAPI([.init()]))
        try await run.wait("the next request") { run.api.nextCount == 2 }

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        run.expectOneLine(for: ["request-0"])
    }

    @Test func `SIGTERM in init leaves no line, since no request is open`() async throws {
        let run = try FunctionRun(handler: "endings", RuntimeAPI([]), ["TALLY_TEST_INIT": "sleep in C"])
        try await run.begun(1)

        run.terminate()

        #expect(try await run.end() == -SIGTERM)
        #expect(run.metrics.isEmpty)
    }

    @Test func `a crash in init leaves no line, since no request is open`() async throws {
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([]), ["TALLY_TEST_INIT": "fatal error", "SWIFT_BACKTRACE": "enable=no"])

        #expect(try await run.end() < 0)
        #expect(run.metrics.isEmpty)
    }

    @Test func `a crash in the first invocation tells of init, and of the calls so far`() async throws {
        let trace = "Parent=53995c3f42cd8ad8;Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"
        let event = RuntimeAPI.Event(
            body: #"{"text":"abort"}"#,
            headers: ["Lambda-Runtime-Trace-Id": trace, "Lambda-Runtime-Aws-Tenant-Id": #"a"\b"#])
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([event]),
            ["TALLY_DIMENSIONS": "stage=prod", "SWIFT_BACKTRACE": "enable=no"])

        #expect(try await run.end() == -SIGABRT)

        run.expectOneLine(for: ["request-0"])
        let line = run.line(of: "request-0")
        #expect(line["ColdStart"] as? Int == 1)
        #expect(try #require(line["InitDuration"] as? Double) > 0)
        #expect(try #require(line["HandlerDuration"] as? Double) > 0)
        #expect((1...60_000).contains(try #require(line["RemainingTime"] as? Double)))
        #expect(line["DynamoDBOperations"] as? Int == 2)
        #expect(line["DynamoDBDuration"] as? Double == 7)
        #expect(line["KMSCalls"] as? Int == 1)
        #expect(line["KMSDuration"] as? Double == 5)
        #expect(line["S3Calls"] as? Int == 1)
        #expect(line["S3Duration"] as? Double == 6)
        #expect(line["traceId"] as? String == "1-5759e988-bd862e3fe1be46a994272793")
        #expect(line["tenantId"] as? String == #"a"\b"#)
        #expect(line["stage"] as? String == "prod")
        #expect(line["service"] as? String == "f")
        // Not known, and so not there.
        #expect(line["EstimatedCost"] == nil)
    }

    @Test func `under the JSON log format the line of a crash has level and time`() async throws {
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([.init(body: #"{"text":"exit(3)"}"#)]), ["AWS_LAMBDA_LOG_FORMAT": "JSON"])

        #expect(try await run.end() == 3)

        let line = run.line(of: "request-0")
        #expect(line["level"] as? String == "INFO")
        let time = try #require(line["timestamp"] as? String)
        let metadata = try #require(line["_aws"] as? [String: Any])
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let milliseconds = try style.parse(time).timeIntervalSince1970 * 1000
        #expect(abs(milliseconds - (try #require(metadata["Timestamp"] as? Double))) < 0.5)
    }

    @Test func `without extraction the line of a crash has no metrics`() async throws {
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([.init(body: #"{"text":"exit(3)"}"#)]),
            ["TALLY_METRICS_EXTRACTION": "off", "AWS_LAMBDA_LOG_LEVEL": "FATAL"])

        #expect(try await run.end() == 3)

        #expect(run.metrics.isEmpty)
        // Nor is a log line of a lower level.
        #expect(run.lines.count == 1)
        #expect(run.lines.first?.hasPrefix(#"{"service":"f","functionName":"f","requestId":"request-0""#) == true)
    }

    @Test func `a crash has a line for each open invocation, but for one whose line is out`() async throws {
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([.init(body: #"{"text":"abort beside others"}"#)]),
            ["SWIFT_BACKTRACE": "enable=no"])

        #expect(try await run.end() == -SIGABRT)

        run.expectOneLine(for: ["request-0"] + (1..<64).map { "other-\($0)" })
        #expect(run.metrics.map { $0["ColdStart"] as? Int }.filter { $0 == 1 }.count == 1)
        #expect(run.lines.contains { $0.contains("no room for other-64") })
    }

    @Test func `a crash of the thread that was about to write the line still has the line`() async throws {
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([.init(body: #"{"text":"abort while writing the line"}"#)]),
            ["SWIFT_BACKTRACE": "enable=no"])

        #expect(try await run.end() == -SIGABRT)

        run.expectOneLine(for: ["request-0"])
    }

    @Test func `exit waits for a line that another thread is writing, and writes none itself`() async throws {
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([.init(body: #"{"text":"exit while another thread writes"}"#)]))

        #expect(try await run.end() == 3)

        #expect(run.lines.contains("the other thread's line"))
        #expect(run.metrics.isEmpty)
    }

    @Test func `a child that a handler forks ends without its parent's line`() async throws {
        let event = RuntimeAPI.Event(body: #"{"text":"exit in a forked child"}"#)
        let run = try FunctionRun(handler: "endings", RuntimeAPI([event, .init()]))

        _ = try await run.posts(2)

        run.expectOneLine(for: ["request-0", "request-1"])
        #expect(run.line(of: "request-0")["outcome"] as? String == "success")
    }

    @Test func `a signal that the function's own handler survives has one line, and a log line at the real end`()
        async throws
    {
        let event = RuntimeAPI.Event(body: #"{"text":"raised SIGBUS"}"#)
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([event, .init()]),
            ["TALLY_TEST_INIT": "handle SIGBUS", "SWIFT_BACKTRACE": "enable=no"])

        let posts = try await run.posts(2)

        #expect(posts.map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        run.expectOneLine(for: ["request-0", "request-1"])
        #expect(run.line(of: "request-0")["outcome"] as? String == "crash")
        #expect(run.line(of: "request-1")["outcome"] as? String == "success")
        #expect(run.lines.count { $0.contains("after the line of its invocation") } == 1)
    }

    @Test(.disabled(if: Self.isSanitized, "the sanitizer ends such processes itself"))
    func `Swift's backtrace comes as without the line, of the place that crashed`() async throws {
        let event = RuntimeAPI.Event(body: #"{"text":"write through a null pointer"}"#)
        let run = try FunctionRun(
            handler: "endings", RuntimeAPI([event]),
            ["SWIFT_BACKTRACE": "enable=yes,symbolicate=off,color=no,threads=crashed,images=none"])

        #expect(try await run.end() == -SIGSEGV)

        run.expectOneLine(for: ["request-0"])
        #expect(run.lines.contains { $0.contains("Bad pointer dereference at 0x0000000000000008") })
    }

    @Test func `what cannot be seen leaves no line`() async throws {
        let event = RuntimeAPI.Event(body: #"{"text":"_exit(5)"}"#)
        let run = try FunctionRun(handler: "endings", RuntimeAPI([.init(), event]))

        #expect(try await run.end() == 5)
        run.expectOneLine(for: ["request-0"])
    }

    private static func name(ofSignal number: Int32) -> String? {
        [
            SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT",
            SIGFPE: "SIGFPE",
        ][number]
    }
}
