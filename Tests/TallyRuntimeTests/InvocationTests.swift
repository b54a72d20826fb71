import Foundation
import TallyTestServer
import Testing

@Suite struct InvocationTests {
    @Test func `an event is answered with its own bytes, and told in one line before`() async throws {
        let run = try FunctionRun("echo", RuntimeAPI([.init(body: #"{"a":1}"#), .init(body: "")]))

        let posts = try await run.posts(2)

        #expect(posts.map(\.path) == ["invocation/request-0/response", "invocation/request-1/response"])
        #expect(posts.map(\.text) == [#"{"a":1}"#, ""])
        #expect(run.metrics.map { $0["requestId"] as? String } == ["request-0", "request-1"])
        #expect(run.metrics.map { $0["HandlerErrors"] as? Int } == [0, 0])
    }

    @Test func `the first line alone is a cold start with its init`() async throws {
        let run = try FunctionRun(
            "hello", RuntimeAPI(Array(repeating: .init(body: #"{"name":"A","age":31}"#), count: 3)))

        let posts = try await run.posts(3)

        #expect(posts.allSatisfy { $0.text == #"{"greetings":"Hello A. You look younger than your age."}"# })
        #expect(run.metrics.map { $0["ColdStart"] as? Int } == [1, 0, 0])
        #expect(run.metrics.map { $0["InitDuration"] != nil } == [true, false, false])
    }

    @Test(
        .disabled(if: ProcessInfo.processInfo.environment["TSAN_OPTIONS"] != nil, "the sanitizer has a thread too"),
        arguments: [("summary", 2), ("none", 1)])
    func `a function has its own thread, and the watchdog where there are lines to write`(
        level: String, threads: Int
    ) async throws {
        let run = try FunctionRun(
            "echo", RuntimeAPI(Array(repeating: .init(body: "{}"), count: 3)), ["TALLY_METRICS_LEVEL": level])

        _ = try await run.posts(3)

        #expect(run.threadCount == threads)
    }

    @Test func `a chunked event is put together`() async throws {
        let body = "5\r\n{\"tex\r\n9\r\nt\":null}\n\r\n0\r\n\r\n"
        let event = RuntimeAPI.Event(body: body, headers: ["Transfer-Encoding": "chunked", "Content-Length": ""])
        let run = try FunctionRun(handler: "throws", RuntimeAPI([event]))

        #expect(try await run.posts(1).first?.path == "invocation/request-0/response")
    }

    @Test func `at level none there is no line`() async throws {
        let run = try FunctionRun("echo", RuntimeAPI([.init()]), ["TALLY_METRICS_LEVEL": "none"])

        _ = try await run.posts(1)

        #expect(run.lines.isEmpty)
    }

    @Test(arguments: ["closure", "main-actor"])
    func `state of a closure or of the main actor lives through the invocations`(handler: String) async throws {
        let run = try FunctionRun(handler: handler, RuntimeAPI(Array(repeating: .init(), count: 3)))

        let answers = try await run.posts(3).map { $0.json }

        #expect(answers.map { $0?["count"] as? Int } == [1, 2, 3])
        #expect(answers.map { $0?["text"] as? String } == ["request-0", "request-1", "request-2"])
    }

    @Test func `tasks inherit the invocation's scope, detached ones have none`() async throws {
        let run = try FunctionRun(handler: "tasks", RuntimeAPI([.init(), .init()]))

        let answers = try await run.posts(2).map { $0.json?["text"] as? String }

        #expect(answers == ["request-0 request-0 true", "request-1 request-1 true"])
    }

    @Test func `a call that ends after its invocation's line is told in the next`() async throws {
        let run = try FunctionRun(handler: "late", RuntimeAPI([.init(), .init(), .init()]))

        _ = try await run.posts(3)

        #expect(run.metrics.map { $0["lateCalls"] as? Int } == [nil, 1, 1])
        #expect(run.metrics.map { $0["S3Calls"] as? Int } == [0, 0, 0])
    }

    @Test func `the trace of an invocation is that of its header, and no other's`() async throws {
        let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
        let traced = RuntimeAPI.Event(headers: ["Lambda-Runtime-Trace-Id": header])
        let run = try FunctionRun(handler: "trace", RuntimeAPI([traced, .init()]))

        let answers = try await run.posts(2).map { $0.json?["text"] as? String }

        #expect(answers == [header, "none"])
        #expect(run.metrics.map { $0["traceId"] as? String } == ["1-5759e988-bd862e3fe1be46a994272793", nil])
    }

    @Test(arguments: [("", 7.625), ("eu-west-1", 7.705), ("eu-south-2", 7.625)])
    func `calls are priced as in the function's region and as the function says`(
        region: String, cost: Double
    ) async throws {
        let run = try FunctionRun(handler: "prices", RuntimeAPI([.init()]), ["AWS_REGION": region])

        _ = try await run.posts(1)

        #expect(run.metrics.map { $0["EstimatedCost"] as? Double } == [cost])
    }

    @Test func `a handler's metrics are told once, whatever comes of it, and init's with the first`() async throws {
        let events = [#"{"count":5,"text":"sold out"}"#, #"{"count":7}"#].map { RuntimeAPI.Event(body: $0) }
        let run = try FunctionRun(handler: "metrics", RuntimeAPI(events), ["TALLY_DIMENSIONS": "stage=prod"])

        let posts = try await run.posts(2)

        #expect(posts.map(\.path) == ["invocation/request-0/error", "invocation/request-1/response"])
        #expect(posts.last?.json?["text"] as? String == "0")
        #expect(posts.last?.json?["count"] as? Int == 1)
        #expect(run.metrics.map { $0["OrdersPlaced"] as? Int } == [5, nil, 7, nil])
        #expect(run.metrics.map { $0["HandlerErrors"] as? Int } == [1, nil, 0, nil])
        #expect(run.metrics.map { $0["ColdStart"] as? Int } == [1, nil, 0, nil])
        #expect(run.metrics.map { $0["Started"] as? Int } == [1, nil, nil, nil])
        #expect(run.metrics.map { $0["rejectedMetrics"] as? Int } == [1, nil, 1, nil])
        #expect(run.metrics.map { $0["ParcelsSent"] as? Int } == [nil, 1, nil, 1])
        #expect(run.metrics.map { $0["part"] as? Int } == [nil, 2, nil, 2])
        #expect(run.metrics.allSatisfy { $0["stage"] as? String == "prod" })
        // One warning for both invocations.
        #expect(run.lines.count { $0.contains(#""message":"metrics \"Weight\""#) } == 1)
    }

    @Test func `at level none a handler's metrics cost no line`() async throws {
        let run = try FunctionRun(
            handler: "metrics", RuntimeAPI([.init(body: #"{"count":5}"#)]), ["TALLY_METRICS_LEVEL": "none"])

        let answer = try await run.posts(1).last

        #expect(answer?.json?["count"] as? Int == 0)
        #expect(run.lines.isEmpty)
    }
}
