import Synchronization
import TallyMetrics
import TallyRuntime
import TallyTesting
import Testing

private struct Order: Codable, Sendable {
    var text: String?
    var count: Int?
}

private struct Receipt: Codable, Sendable, Equatable {
    var text: String
}

private struct SoldOut: DiagnosableError {
    var errorType: String { "Shop.SoldOut" }
}

/// Does what its event says.
private final class Shop: LambdaFunction {
    private let start: Initialization
    let closed = Mutex(0)
    private let present = Mutex(0)

    init(_ start: Initialization) throws {
        self.start = start
        start.logger.info("made")
        start.onShutdown { [weak self] in self?.closed.withLock { $0 += 1 } }
    }

    func handle(_ order: Order, _ context: Context) async throws -> Receipt {
        context.logger.info("handling")
        context.metrics.add("Orders", 1, .count)
        var call = CallRecord(service: .kms, operation: "Decrypt", start: .now)
        call.attempts = 1
        MetricsScope.record(call, in: MetricsScope.current)
        switch order.text {
        case "throw": throw SoldOut()
        case "wait": try await start.sleep(.seconds(600))
        case "cancel": throw CancellationError()
        case "after both throw":
            context.afterResponse { throw SoldOut() }
            context.afterResponse { throw CancellationError() }
        case "after": context.afterResponse { context.metrics.add("Orders", 2, .count) }
        case "meet":
            present.withLock { $0 += 1 }
            while present.withLock({ $0 }) < order.count ?? 0 { await Task.yield() }
        case "context":
            return Receipt(
                text: "\(context.tenantID ?? "") \(context.clientContext?.custom?["k"]?.string ?? "") "
                    + "\(context.cognitoIdentity?.identityID ?? "") \(context.requestID) \(context.isColdStart)")
        default: break
        }
        return Receipt(text: order.text ?? "")
    }
}

private struct Rows: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) -> StreamingResponse {
        if order.text == "after" { context.afterResponse { context.metrics.add("Rows", 7, .count) } }
        return StreamingResponse(status: 201, headers: ["Content-Type": "text/csv"], cookies: ["a=b"]) { writer in
            for number in 0..<(order.count ?? 0) { try await writer.write("\(number)\n") }
            if order.text == "throw" { throw SoldOut() }
        }
    }
}

@Suite struct TestFunctionTests {
    @Test func `an invocation gives its answer, its metrics, its logs and its line`() async throws {
        let function = try await TestFunction(Shop.self)

        let result = try await function.invoke(encoding: Order(text: "book"))

        #expect(try result.decoded(Receipt.self) == Receipt(text: "book"))
        #expect(result.metrics.kmsCalls == 1)
        #expect(result.metrics.values(of: "Orders") == [1])
        #expect(result.logs.map(\.message) == ["handling"])
        #expect(result.lines.filter { $0.contains(#""HandlerErrors":"#) }.count == 1)
        #expect(result.lines.first?.contains(#""KMSCalls":1"#) == true)
        #expect(function.initLogs.map(\.message) == ["made"])
    }

    @Test func `an error is what Lambda is told, and the next invocation works`() async throws {
        let function = try await TestFunction(Shop.self)

        let failed = await function.invoke(#"{"text":"throw"}"#)
        let undecodable = await function.invoke(#"{"text":1}"#)
        let next = await function.invoke()

        #expect(failed.error?.errorType == "Shop.SoldOut")
        #expect(failed.answer == nil)
        #expect(throws: TestResult.ReportedError.self) { try failed.decoded(Receipt.self) }
        #expect(undecodable.error?.errorType == "EventDecodingError")
        #expect(try next.decoded(Receipt.self) == Receipt(text: ""))
        #expect(failed.lines.first?.contains(#""HandlerErrors":1"#) == true)
    }

    @Test func `a handler is cancelled before its deadline`() async throws {
        let function = try await TestFunction(Shop.self)

        let result = await function.invoke(#"{"text":"wait"}"#, TestInvocation(timeout: .seconds(1)))

        #expect(result.error?.errorType == "Runtime.TimedOut")
        #expect(try await function.invoke().decoded(Receipt.self) == Receipt(text: ""))
    }

    @Test func `a handler that gives up by itself is no timeout`() async throws {
        let function = try await TestFunction(Shop.self)

        let result = await function.invoke(#"{"text":"cancel"}"#)

        #expect(result.error?.errorType == "CancellationError")
        #expect(result.lines.first?.contains(#""outcome":"error""#) == true)
    }

    @Test func `of what fails after the answer the first is the line's error`() async throws {
        let function = try await TestFunction(Shop.self)

        let result = await function.invoke(#"{"text":"after both throw"}"#)

        #expect(result.lines.first?.contains(#""errorType":"Shop.SoldOut""#) == true)
        #expect(result.error == nil)
    }

    @Test func `what is done after the answer is done when the result is there`() async throws {
        let function = try await TestFunction(Shop.self)

        let result = await function.invoke(#"{"text":"after"}"#)

        #expect(try result.decoded(Receipt.self) == Receipt(text: "after"))
        #expect(result.metrics.values(of: "Orders") == [1, 2])
    }

    @Test func `the context is what the test says`() async throws {
        let function = try await TestFunction(Shop.self)
        var invocation = TestInvocation()
        invocation.tenantID = "tenant"
        invocation.clientContext = #"{"custom":{"k":"v"}}"#
        invocation.cognitoIdentity = #"{"cognitoIdentityId":"id","cognitoIdentityPoolId":"pool"}"#

        let result = await function.invoke(#"{"text":"context"}"#, invocation)
        let next = try await function.invoke(#"{"text":"context"}"#).decoded(Receipt.self)

        #expect(try result.decoded(Receipt.self).text == "tenant v id \(invocation.requestID) true")
        #expect(next.text.hasSuffix(" false"))
    }

    @Test func `a streamed answer has its status, headers, cookies and bytes`() async throws {
        let function = try await TestFunction(Rows.self)

        let whole = await function.invoke(#"{"count":20000}"#)
        let broken = await function.invoke(#"{"count":2,"text":"throw"}"#)

        #expect(whole.isStreamed && whole.error == nil)
        #expect(whole.status == 201)
        #expect(whole.headers == ["Content-Type": "text/csv"])
        #expect(whole.cookies == ["a=b"])
        #expect(whole.text == (0..<20_000).map { "\($0)\n" }.joined())
        #expect(broken.text == "0\n1\n")
        #expect(broken.error?.errorType == "Shop.SoldOut")
    }

    @Test func `what is done after a streamed answer is on the invocation's line`() async throws {
        let function = try await TestFunction(Rows.self)

        let result = await function.invoke(#"{"count":2,"text":"after"}"#)

        #expect(result.text == "0\n1\n")
        #expect(result.lines.count == 1)
        #expect(result.lines.first?.contains(#""Rows":7"#) == true)
    }

    @Test func `invocations run side by side where they may`() async throws {
        let function = try await TestFunction(Shop.self, concurrency: 8)

        let results = await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { await function.invoke(#"{"text":"meet","count":8}"#) } }
            return await group.reduce(into: [TestResult]()) { $0.append($1) }
        }

        #expect(results.allSatisfy { $0.error == nil && $0.metrics.kmsCalls == 1 && $0.logs.count == 1 })
    }

    @Test func `an answer that is refused is told in the log`() async throws {
        let function = try await TestFunction(Shop.self)
        var invocation = TestInvocation()
        invocation.fault = .refused(status: 413)

        let result = await function.invoke("{}", invocation)

        #expect(result.logs.contains { $0.level == .error && $0.message == "the Runtime API refused the answer" })
        #expect(await function.invoke().processEnd == nil)
    }

    @Test func `a connection that is lost with an answer ends the function, and each later invocation says so`()
        async throws
    {
        let function = try await TestFunction(Shop.self)
        var invocation = TestInvocation()
        invocation.fault = .connectionLost

        let result = await function.invoke("{}", invocation)

        #expect((result.processEnd as? RuntimeError)?.code == .apiLost)
        #expect(await function.invoke().processEnd != nil)
        #expect(throws: RuntimeError.self) { try result.decoded(Receipt.self) }
    }

    @Test func `a connection that is lost with a streamed answer is told in the log, and the function goes on`()
        async throws
    {
        let function = try await TestFunction(Rows.self)
        var invocation = TestInvocation()
        invocation.fault = .connectionLost

        let result = await function.invoke(#"{"count":2}"#, invocation)

        #expect(result.processEnd == nil)
        #expect(result.logs.contains { $0.level == .error && $0.message == "the streamed answer broke off" })
        #expect(await function.invoke(#"{"count":2}"#).text == "0\n1\n")
    }

    @Test func `two invocations at once under one id end the test with a message`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let function = try await TestFunction(Shop.self)
            var invocation = TestInvocation()
            invocation.requestID = "r"
            async let first = function.invoke(#"{"text":"wait"}"#, invocation)
            async let second = function.invoke(#"{"text":"wait"}"#, invocation)
            _ = await (first, second)
        }

        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("TestFunction: request 'r' is under way. Give invocations that run at once an id each"))
    }

    @Test func `an init that throws is the test's error`() async throws {
        await #expect(throws: SoldOut.self) {
            try await TestFunction { _ -> Shop in throw SoldOut() }
        }
    }

    @Test func `hooks run once, when the test shuts the function down`() async throws {
        let function = try await TestFunction(Shop.self)

        await function.shutDown()
        await function.shutDown()

        #expect(function.function.closed.withLock { $0 } == 1)
    }
}
