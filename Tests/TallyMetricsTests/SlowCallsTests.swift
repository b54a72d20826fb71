import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct SlowCallsTests {
    private let order = ModelName(rawValue: "Order")

    /// The lines that calls which end after `elapsed` write, with the scope.
    private func warnings(
        _ calls: [CallRecord], after elapsed: Duration, threshold: Duration? = .milliseconds(100),
        level: MetricsLevel = .summary, reads: RefusalLog = RefusalLog()
    ) throws -> (lines: [JSONNode], scope: MetricsScope) {
        var scope = MetricsScope()
        let lines = Pipe.lines { output in
            scope = MetricsScope(
                InvocationInfo(requestID: "r-1"), level: level, logger: Logger(output: output),
                slowCallThreshold: threshold)
            MetricsScope.$wastefulReads.withValue(reads) {
                for call in calls { MetricsScope.record(call, in: scope, at: epoch + elapsed) }
            }
        }
        return (try lines.map { try JSONNode(parsing: Array($0.utf8)) }, scope)
    }

    @Test func `a call over the threshold is a warning with where its time went`() throws {
        let call = record(.dynamoDB, "Query", on: "orders", index: "by-day") { call in
            call.duration = .milliseconds(110)
            call.retryDelay = .milliseconds(75)
            call.attempts = 3
            call.requestID = "AWS1"
            call.status = 200
        }

        let line = try #require(try warnings([call], after: .milliseconds(200)).lines.first)

        #expect((line["level"]?.text, line["message"]?.text) == ("WARN", "a slow call"))
        #expect((line["requestId"]?.text, line["awsRequestId"]?.text) == ("r-1", "AWS1"))
        #expect((line["dependency"]?.text, line["operation"]?.text) == ("DynamoDB", "Query"))
        #expect((line["table"]?.text, line["index"]?.text) == ("orders", "by-day"))
        #expect((line["durationMs"]?.number, line["attempts"]?.number) == (200, 3))
        #expect((line["wireMs"]?.number, line["retryDelayMs"]?.number) == (110, 75))
        #expect(line["localMs"]?.number == 15)
        #expect(line["_aws"] == nil)
    }

    @Test func `a bucket and a key have their own names`() throws {
        let calls = [record(.s3, "PutObject", on: "files"), record(.kms, "Decrypt", on: "alias/a")]

        let lines = try warnings(calls, after: .seconds(1)).lines

        #expect(lines.map { $0["bucket"]?.text } == ["files", nil])
        #expect(lines.map { $0["key"]?.text } == [nil, "alias/a"])
    }

    @Test(arguments: [(99, 0), (100, 1)])
    func `the threshold itself is slow, what is below is not`(milliseconds: Int, count: Int) throws {
        let (lines, scope) = try warnings([record()], after: .milliseconds(milliseconds))

        #expect(lines.count == count)
        #expect(scope.slowCallCount == count)
    }

    @Test func `without a threshold, and at level none, no call is slow`() throws {
        #expect(try warnings([record()], after: .seconds(60), threshold: nil).lines.isEmpty)
        #expect(try warnings([record()], after: .seconds(60), level: .none).lines.isEmpty)
    }

    @Test func `an invocation tells twenty slow calls and counts all of them on its line`() throws {
        let (lines, scope) = try warnings((0..<30).map { _ in record() }, after: .seconds(1))

        #expect(lines.count == 20)
        let configuration = try MetricsConfiguration { ["AWS_LAMBDA_FUNCTION_NAME": "orders"][$0] }
        #expect(try EMFDocuments(of: scope, configuration).main["slowCalls"]?.number == 30)
    }

    @Test func `a scope within one tells its slow calls once, and both count them`() throws {
        let outer = MetricsScope(logger: .silent, slowCallThreshold: .zero)
        let inner = MetricsScope(parent: outer)
        MetricsScope.record(record(), in: inner, at: epoch)

        #expect((outer.slowCallCount, inner.slowCallCount) == (1, 1))
    }

    // MARK: - Reading much for little

    private func read(
        _ scanned: Int, _ returned: Int, _ operation: String = "Query", on table: String = "orders"
    )
        -> CallRecord
    {
        record(.dynamoDB, operation, on: table) { call in
            call.scannedCount = scanned
            call.itemCount = returned
        }
    }

    @Test(arguments: [(100, 9, 1), (100, 10, 0), (99, 0, 0), (1_000, 0, 1), (1_000, 99, 1), (1_000, 100, 0)])
    func `a read of more than ten times what it returned is a warning`(
        scanned: Int, returned: Int, count: Int
    ) throws {
        let lines = try warnings([read(scanned, returned)], after: .zero).lines

        #expect(lines.count == count)
        #expect(lines.allSatisfy { $0["scanned"]?.number == Double(scanned) && $0["table"]?.text == "orders" })
        #expect(lines.allSatisfy { $0["message"]?.text?.contains("the key of an index") == true })
    }

    @Test func `each operation and table is warned of once in a process`() throws {
        let reads = RefusalLog()
        let calls = [read(500, 1), read(500, 1), read(500, 1, "Scan"), read(500, 1, on: "users")]

        #expect(try warnings(calls, after: .zero, reads: reads).lines.count == 3)
        #expect(try warnings(calls, after: .zero, reads: reads).lines.isEmpty)
    }

    @Test func `at level none a wasteful read is not told`() throws {
        #expect(try warnings([read(500, 1)], after: .zero, level: .none).lines.isEmpty)
    }

    // MARK: - Operations of models

    private func explain(
        threshold: Duration?, _ body: (MetricsScope) async throws -> Void
    ) async throws -> [JSONNode] {
        let pipe = Pipe()
        let scope = MetricsScope(
            InvocationInfo(requestID: "r-1"), logger: Logger(output: pipe.output), slowCallThreshold: threshold)
        try await MetricsScope.$current.withValue(scope) { try await body(scope) }
        pipe.closeWriter()
        let lines = pipe.readAll().split(separator: 0x0A)
        pipe.closeReader()
        return try lines.map { try JSONNode(parsing: Array($0)) }
    }

    @Test func `a slow operation of a model tells local work, each service and the time that calls took together`()
        async throws
    {
        let lines = try await explain(threshold: .zero) { scope in
            await MetricsScope.explaining("save", of: order, table: "orders") {
                scope.addTime(.milliseconds(3), to: .saveEncode)
                scope.addTime(.milliseconds(1), to: .seal)
                scope.addTime(.milliseconds(1), to: .seal)
                let start = ContinuousClock.now
                // Side by side for 10 of 30 ms.
                for (service, offset) in [(Service.s3, 0), (.s3, 10)] {
                    var call = record(service, "UploadPart", startedAt: start + .milliseconds(offset))
                    call.duration = .milliseconds(20)
                    MetricsScope.record(call, in: scope, at: start + .milliseconds(offset + 20))
                }
                await Task { MetricsScope.record(record(.kms, "GenerateDataKey"), in: scope, at: epoch) }.value
            }
        }

        let line = try #require(lines.last)
        #expect(line["message"]?.text == "a slow operation of a model")
        #expect((line["level"]?.text, line["requestId"]?.text) == ("WARN", "r-1"))
        #expect((line["operation"]?.text, line["model"]?.text, line["table"]?.text) == ("save", "Order", "orders"))
        #expect(line["local.model.save.encodeMs"]?.number == 3)
        #expect(line["local.model.secret.sealMs"]?.number == 2)
        #expect((line["s3.calls"]?.number, line["s3.wireMs"]?.number) == (2, 40))
        #expect(line["kms.calls"]?.number == 1)
        #expect(line["awsWaitMs"]?.number == 30)
        #expect(line["durationMs"]?.number != nil)
    }

    @Test func `an operation within another is part of it`() async throws {
        let lines = try await explain(threshold: .zero) { _ in
            await MetricsScope.explaining("save", of: order, table: nil) {
                await MetricsScope.explaining("get", of: order, table: nil) {}
            }
        }

        #expect(lines.map { $0["operation"]?.text } == ["save"])
    }

    @Test func `operations side by side do not see each other's work`() async throws {
        let lines = try await explain(threshold: .zero) { scope in
            await withTaskGroup { group in
                for number in 1...8 {
                    group.addTask {
                        await MetricsScope.explaining("save", of: ModelName(rawValue: "M\(number)"), table: nil) {
                            await Task.yield()
                            scope.addTime(.milliseconds(number), to: .saveEncode)
                        }
                    }
                }
            }
        }

        #expect(lines.count == 8)
        for line in lines {
            let encode = try #require(line["local.model.save.encodeMs"]?.number)
            #expect(line["model"]?.text == "M\(Int(encode))")
        }
    }

    @Test func `a slow operation that throws is told as well`() async throws {
        let lines = try await explain(threshold: .zero) { _ in
            try? await MetricsScope.explaining("save", of: order, table: nil) { throw CancellationError() }
        }

        #expect(lines.count == 1)
    }

    @Test func `an operation below the threshold, and one without any, is not told`() async throws {
        for threshold in [Duration.seconds(3_600), nil] {
            let lines = try await explain(threshold: threshold) { _ in
                await MetricsScope.explaining("save", of: order, table: nil) {}
            }
            #expect(lines.isEmpty)
        }
    }
}
