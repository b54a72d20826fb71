import Foundation
import TallyHTTP
import TallyTestServer
import Testing

/// An executable without Lambda, which takes events itself.
private final class LocalRun: Sendable {
    // Why `nonisolated(unsafe)`: only one task of a test asks it.
    nonisolated(unsafe) let run: FunctionRun
    private let transport = CurlTransport()

    init(_ product: String = "runtime-fixture", handler: String = "", _ environment: [String: String] = [:]) throws {
        let local = ["AWS_LAMBDA_RUNTIME_API": "", "LOCAL_LAMBDA_PORT": "0", "AWS_LAMBDA_FUNCTION_TIMEOUT": "60"]
        run = try FunctionRun(product, handler: handler, RuntimeAPI([]), local.merging(environment) { $1 })
    }

    /// Where it said last that it takes events, once it has started so often.
    func url(starts: Int = 1) async throws -> String {
        var urls: [String] = []
        try await Waiting.until("its address") {
            urls = run.lines.filter { $0.contains("takes events at") }.compactMap {
                $0.split(separator: " ").first { $0.hasPrefix("http://") }.map { String($0.dropLast()) }
            }
            return urls.count >= starts
        }
        return try #require(urls.last)
    }

    func post(_ body: String, starts: Int = 1) async throws -> Response {
        try await post(Array(body.utf8), starts: starts)
    }

    func post(_ body: [UInt8], starts: Int = 1) async throws -> Response {
        try await transport.send(
            Request(.post, try await url(starts: starts), body: .bytes(body), timeouts: .none))
    }

    func stream(_ body: String) async throws -> (response: StreamedResponse, bytes: [UInt8]) {
        let response = try await transport.stream(
            Request(.post, try await url(), body: .bytes(Array(body.utf8)), timeouts: .none))
        return (response, try await response.body.collect())
    }
}

@Suite struct LocalFunctionTests {
    @Test func `an executable without Lambda takes events itself, and tells what the calls took`() async throws {
        let local = try LocalRun(handler: "endings", ["AWS_LAMBDA_FUNCTION_NAME": ""])

        let response = try await local.post(#"{"text":"answer"}"#)

        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"text":"done","count":0}"#)
        try await local.run.wait("the table") { local.run.lines.contains { $0.hasPrefix("total") } }
        #expect(local.run.lines.contains { $0.hasPrefix("DynamoDB Call") })
        #expect(local.run.lines.first?.hasPrefix("runtime-fixture takes events at http://127.0.0.1:") == true)
        #expect(local.run.metrics.first?["service"] as? String == "runtime-fixture")
    }

    @Test func `errors are as Lambda tells them`() async throws {
        let local = try LocalRun(handler: "throws")

        let response = try await local.post(#"{"text":"no stock"}"#)

        #expect(response.status == 200)
        #expect(response.headers["X-Amz-Function-Error"] == "Unhandled")
        #expect(String(decoding: response.body, as: UTF8.self).contains(#""errorType":"OrderRefused""#))
    }

    @Test func `answers stream with their status, headers and cookies`() async throws {
        let local = try LocalRun(handler: "streaming")

        let (response, bytes) = try await local.stream(#"{"text":"status","count":64}"#)

        #expect(response.status == 201)
        #expect(response.headers["Content-Type"] == "text/csv")
        #expect(response.headers.fields.filter { $0.name == "Set-Cookie" }.map(\.value) == ["a=b", "c=d"])
        #expect(bytes == [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 4_096))
    }

    @Test func `an event that Lambda would not take is refused`() async throws {
        let local = try LocalRun("echo")

        let whole = try await local.post([UInt8](repeating: 32, count: 6_291_556))
        let tooLarge = try await local.post([UInt8](repeating: 32, count: 6_291_557))

        #expect(whole.status == 200 && whole.body.count == 6_291_556)
        #expect(tooLarge.status == 413)
    }

    @Test func `several callers are served at once where the function takes several`() async throws {
        let local = try LocalRun(handler: "managed", ["AWS_LAMBDA_MAX_CONCURRENCY": "8"])

        let answers = try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { try await local.post(#"{"count":8}"#).status } }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }

        #expect(answers == Array(repeating: 200, count: 8))
    }

    @Test func `an invocation without an answer in time is told so, and the process starts anew`() async throws {
        let local = try LocalRun(handler: "endings", ["AWS_LAMBDA_FUNCTION_TIMEOUT": "1"])

        _ = try await local.post(#"{"text":"answer"}"#)
        let descriptors = local.run.resources.descriptors
        let late = try await local.post(#"{"text":"sleep in C"}"#)
        let next = try await local.post(#"{"text":"answer"}"#, starts: 2)

        #expect(String(decoding: late.body, as: UTF8.self).contains("Task timed out after 1.00 seconds"))
        #expect(next.status == 200)
        #expect(local.run.lines.contains { $0.contains("it starts anew") })
        #expect(local.run.metrics.map { $0["outcome"] as? String } == ["success", "timeout", "success"])
        // None is left of the old process: an open port would be taken.
        #expect(local.run.resources.descriptors <= descriptors)
    }

    @Test func `at level none no calls are told`() async throws {
        let local = try LocalRun(handler: "endings", ["TALLY_METRICS_LEVEL": "none"])

        _ = try await local.post(#"{"text":"answer"}"#)
        _ = try await local.post(#"{"text":"answer"}"#)

        #expect(!local.run.lines.contains { $0.contains("calls") })
    }

    @Test(arguments: [
        ("LOCAL_LAMBDA_PORT", "many", "0 to 65535"), ("AWS_LAMBDA_FUNCTION_TIMEOUT", "901", "1 to 900"),
    ])
    func `a setting that is none is named`(name: String, value: String, range: String) async throws {
        let run = try FunctionRun("echo", RuntimeAPI([]), ["AWS_LAMBDA_RUNTIME_API": "", name: value])

        #expect(try await run.end() == 1)
        #expect(run.lines.last?.contains("\(name): '\(value)'") == true)
        #expect(run.lines.last?.contains(range) == true)
    }

    @Test func `a port that is taken is named`() async throws {
        let local = try LocalRun("echo")
        let port = String(try await local.url().split(separator: ":")[2].prefix { $0 != "/" })

        let run = try FunctionRun(
            "echo", RuntimeAPI([]), ["AWS_LAMBDA_RUNTIME_API": "", "LOCAL_LAMBDA_PORT": port])

        #expect(try await run.end() == 1)
        #expect(run.lines.last?.contains("LOCAL_LAMBDA_PORT") == true)
        #expect(try await local.post("{}").status == 200)
    }
}
