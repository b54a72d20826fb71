import TallyMetrics
import TallyTestServer
import TallyWire
import Testing

@Suite struct EMFLineTests {
    private static let now = Timestamp(milliseconds: 1_795_219_143_364)

    private func line(
        _ report: InvocationReport, environment: [String: String] = ["AWS_LAMBDA_FUNCTION_NAME": "orders"]
    ) throws -> [UInt8] {
        let writer = try #require(EMFLine(try MetricsConfiguration { environment[$0] }))
        return writer.bytes(for: report)
    }

    private func root(
        _ report: InvocationReport, environment: [String: String] = ["AWS_LAMBDA_FUNCTION_NAME": "orders"]
    ) throws -> JSONNode {
        let bytes = try line(report, environment: environment)
        #expect(EMFValidator.violations(in: bytes, now: Self.now.milliseconds) == [])
        return try JSONNode(parsing: bytes)
    }

    private func report(
        _ metrics: MetricsSnapshot = MetricsScope().snapshot(), change: (inout InvocationReport) -> Void = { _ in }
    ) -> InvocationReport {
        var report = InvocationReport(
            invocation: InvocationInfo(requestID: "r-1"), timestamp: Self.now, outcome: .success,
            handlerDuration: .microseconds(41_700), metrics: metrics)
        change(&report)
        return report
    }

    /// The calls of a create with a file, and of a query that was throttled once.
    private func busyScope() -> MetricsScope {
        let scope = MetricsScope()
        let calls = [
            record(.kms, "GenerateDataKey", on: "alias/documents") { $0.duration = .microseconds(11_800) },
            record(.kms, "Decrypt", on: "alias/a") { $0.duration = .microseconds(2_000) },
            record(.kms, "Decrypt", on: "alias/b") { $0.duration = .microseconds(3_000) },
            record(.s3, "PutObject", on: "files") { call in
                call.duration = .milliseconds(36)
                call.bytesUploaded = 524_288
            },
            record(.dynamoDB, "PutItem") { call in
                call.duration = .microseconds(9_300)
                call.writeUnits = 3
            },
            record(.dynamoDB, "PutItem") { call in
                call.duration = .microseconds(700)
                call.outcome = .conditionalFailure
            },
            record(.dynamoDB, "Query", index: "by-title") { call in
                call.duration = .microseconds(9_140)
                call.attempts = 2
                call.throttles = 1
                call.retryDelay = .milliseconds(25)
                call.readUnits = 2.5
                call.itemCount = 14
                call.scannedCount = 60
            },
        ]
        for call in calls { MetricsScope.record(call, in: scope, at: epoch) }
        scope.countKeyReuse(count: 2)
        return scope
    }

    @Test func `every figure of the invocation is on the line, in its unit`() throws {
        let report = report(busyScope().snapshot()) { report in
            report.isColdStart = true
            report.initDuration = .microseconds(12_345)
            report.remainingTime = .microseconds(2_958_100)
            report.peakMemoryBytes = 64_382_566
        }

        let root = try root(report)

        let expected: [(MetricName, Double)] = [
            (.handlerDuration, 41.7), (.handlerErrors, 0), (.coldStart, 1), (.initDuration, 12.345),
            (.remainingTime, 2958.1), (.maxMemoryUsed, 61.4), (.awsWaitTime, 0),
            (.dynamoDBDuration, 19.14), (.dynamoDBOperations, 3), (.dynamoDBAttempts, 4), (.dynamoDBRetries, 1),
            (.dynamoDBThrottles, 1), (.dynamoDBErrors, 0), (.dynamoDBConditionalFailures, 1),
            (.dynamoDBRetryDelay, 25), (.dynamoDBReadUnits, 2.5), (.dynamoDBWriteUnits, 3),
            (.kmsDuration, 16.8), (.kmsCalls, 3), (.kmsAttempts, 3), (.kmsRetries, 0), (.kmsErrors, 0),
            (.kmsThrottles, 0), (.kmsCacheHits, 2),
            (.s3Duration, 36), (.s3Calls, 1), (.s3Attempts, 1), (.s3Retries, 0), (.s3Errors, 0),
            (.s3BytesUploaded, 524_288), (.s3BytesDownloaded, 0),
            (.estimatedCost, 2.5 * 0.125 + 3 * 0.625 + 9 + 5),
        ]
        for (name, value) in expected {
            #expect(root[name.rawValue]?.number == value, "\(name.rawValue)")
        }
        let definitions = try #require(
            root["_aws"]?["CloudWatchMetrics"]?.elements?.first?["Metrics"]?.elements)
        #expect(Set(definitions.map { $0["Name"]?.text }) == Set(expected.map(\.0.rawValue)))
        for (name, _) in expected {
            let definition = definitions.first { $0["Name"]?.text == name.rawValue }
            #expect(definition?["Unit"]?.text == name.unit.rawValue)
        }
    }

    @Test func `no metric is taken from another's figure`() throws {
        func row(_ service: Service, _ base: Int) -> OperationTotals {
            var totals = CallTotals()
            totals.calls = base + 1
            totals.attempts = base + 2
            totals.retries = base + 3
            totals.throttles = base + 4
            totals.errors = base + 5
            totals.conditionalFailures = base + 6
            totals.duration = .milliseconds(base + 7)
            totals.retryDelay = .milliseconds(base + 8)
            totals.readUnits = Double(base + 9)
            totals.writeUnits = Double(base + 10)
            totals.bytesUploaded = base + 11
            totals.bytesDownloaded = base + 12
            totals.picoUSD = 1_000_000
            return OperationTotals(key: OperationKey(service: service, operation: "X"), totals: totals)
        }
        let rows = [row(.dynamoDB, 100), row(.kms, 200), row(.s3, 300)]

        let root = try root(
            report(MetricsSnapshot(operations: rows, awsWaitTime: .milliseconds(5), kmsCacheHits: 6)))

        let expected: [(MetricName, Double)] = [
            (.dynamoDBOperations, 101), (.dynamoDBAttempts, 102), (.dynamoDBRetries, 103), (.dynamoDBThrottles, 104),
            (.dynamoDBErrors, 105), (.dynamoDBConditionalFailures, 106), (.dynamoDBDuration, 107),
            (.dynamoDBRetryDelay, 108), (.dynamoDBReadUnits, 109), (.dynamoDBWriteUnits, 110),
            (.kmsCalls, 201), (.kmsAttempts, 202), (.kmsRetries, 203), (.kmsThrottles, 204), (.kmsErrors, 205),
            (.kmsDuration, 207), (.kmsCacheHits, 6),
            (.s3Calls, 301), (.s3Attempts, 302), (.s3Retries, 303), (.s3Errors, 305), (.s3Duration, 307),
            (.s3BytesUploaded, 311), (.s3BytesDownloaded, 312),
            (.awsWaitTime, 5), (.estimatedCost, 3),
        ]
        for (name, value) in expected {
            #expect(root[name.rawValue]?.number == value, "\(name.rawValue)")
        }
    }

    @Test func `each operation has its own entry`() throws {
        let root = try root(report(busyScope().snapshot()))

        let dynamoDB = try JSONNode(
            """
            [{"op":"PutItem","table":"documents","n":2,"ms":10,"wcu":3,"conditional":1},\
            {"op":"Query","table":"documents","index":"by-title","n":1,"ms":9.14,"rcu":2.5,"items":14,\
            "scanned":60,"retries":1,"throttles":1}]
            """)
        let kms = try JSONNode(
            """
            [{"op":"Decrypt","key":"alias/a","n":1,"ms":2},{"op":"Decrypt","key":"alias/b","n":1,"ms":3},\
            {"op":"GenerateDataKey","key":"alias/documents","n":1,"ms":11.8}]
            """)
        let s3 = try JSONNode(#"[{"op":"PutObject","bucket":"files","n":1,"ms":36,"up":524288}]"#)
        #expect(root["dynamodb"] == dynamoDB)
        #expect(root["kms"] == kms)
        #expect(root["s3"] == s3)
    }

    @Test func `what does not apply is absent from the directive and from the root alike`() throws {
        let root = try root(report())
        let definitions = root["_aws"]?["CloudWatchMetrics"]?.elements?.first?["Metrics"]?.elements ?? []

        for name in [MetricName.initDuration, .remainingTime, .maxMemoryUsed] {
            #expect(root[name.rawValue] == nil)
            #expect(!definitions.contains { $0["Name"]?.text == name.rawValue })
        }
        for name in ["dynamodb", "kms", "s3", "errorType", "traceId", "tenantId", "lateCalls", "initKMSCalls"] {
            #expect(root[name] == nil)
        }
    }

    @Test func `capacity is 0 where nothing consumed it and absent where it is unknown`() throws {
        func units(_ calls: [CallRecord]) throws -> [Double?] {
            let scope = MetricsScope()
            for call in calls { MetricsScope.record(call, in: scope) }
            let root = try root(report(scope.snapshot()))
            return [root["DynamoDBReadUnits"]?.number, root["DynamoDBWriteUnits"]?.number]
        }

        #expect(try units([]) == [0, 0])
        #expect(try units([record { $0.writeUnits = 2 }]) == [0, 2])
        #expect(try units([record { $0.outcome = .error }]) == [nil, nil])
    }

    @Test func `an error on a cold start is told with both flags`() throws {
        let root = try root(
            report { report in
                report.isColdStart = true
                report.outcome = .error
                report.errorType = "Runtime.EventDecodingError"
            })

        #expect(root["ColdStart"]?.number == 1)
        #expect(root["HandlerErrors"]?.number == 1)
        #expect(root["outcome"]?.text == "error")
        #expect(root["errorType"]?.text == "Runtime.EventDecodingError")
    }

    @Test(arguments: [InvocationOutcome.timeout, .shutdown, InvocationOutcome(rawValue: "ResponseTooLarge")])
    func `every outcome but success is a handler error`(outcome: InvocationOutcome) throws {
        let root = try root(report { $0.outcome = outcome })

        #expect(root["HandlerErrors"]?.number == 1)
        #expect(root["outcome"]?.text == outcome.rawValue)
    }

    @Test func `each line has the time of its own invocation (Powertools: one that was set stays)`() throws {
        let writer = try #require(EMFLine(try MetricsConfiguration { ["TALLY_SERVICE": "orders"][$0] }))
        let times = [Self.now, Self.now + .seconds(60), Self.now]

        let roots = try times.map { time in
            let report = InvocationReport(
                invocation: InvocationInfo(), timestamp: time, outcome: .success, handlerDuration: .zero,
                metrics: MetricsScope().snapshot())
            return try JSONNode(parsing: writer.bytes(for: report))
        }

        #expect(roots.map { $0["_aws"]?["Timestamp"]?.number } == times.map { Double($0.milliseconds) })
    }

    @Test func `the invocation is identified by properties, not dimensions`() throws {
        let environment = [
            "AWS_LAMBDA_FUNCTION_NAME": "orders-api", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "TALLY_SERVICE": "orders", "TALLY_NAMESPACE": "Shop/Orders",
        ]
        let root = try root(
            report { report in
                report.invocation = InvocationInfo(
                    requestID: "r-1", traceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
                    tenantID: "blue")
                report.lateCalls = 3
                report.traceDrops = 2
            }, environment: environment)

        #expect(root["service"]?.text == "orders")
        #expect(root["functionName"]?.text == "orders-api")
        #expect(root["functionVersion"]?.text == "$LATEST")
        #expect(root["requestId"]?.text == "r-1")
        #expect(root["traceId"]?.text == "1-5759e988-bd862e3fe1be46a994272793")
        #expect(root["tenantId"]?.text == "blue")
        #expect(root["lateCalls"]?.number == 3)
        #expect(root["traceDrops"]?.number == 2)
        let directive = root["_aws"]?["CloudWatchMetrics"]?.elements?.first
        #expect(directive?["Namespace"]?.text == "Shop/Orders")
        #expect(directive?["Dimensions"] == .array([.array([.string("service")])]))
        #expect(root["_aws"]?["Timestamp"] == .number("1795219143364"))
    }

    @Test func `init's figures are properties of their own, and not in the totals`() throws {
        let initScope = MetricsScope()
        let warmUp = record(.kms, "Warmup", startedAt: epoch) { $0.duration = .milliseconds(4) }
        MetricsScope.record(warmUp, in: initScope, at: epoch + .milliseconds(4))

        let root = try root(report { $0.initMetrics = initScope.snapshot() })

        #expect(root["initKMSCalls"]?.number == 1)
        #expect(root["initDynamoDBOperations"]?.number == 0)
        #expect(root["initS3Calls"]?.number == 0)
        #expect(root["initAWSWaitTime"]?.number == 4)
        #expect(root["KMSCalls"]?.number == 0)
        #expect(root["EstimatedCost"]?.number == 0)
    }

    @Test func `under the JSON log format the line carries level and timestamp`() throws {
        let environment = [
            "AWS_LAMBDA_FUNCTION_NAME": "orders", "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "WARN",
        ]
        let root = try root(report(), environment: environment)

        #expect(root["level"]?.text == "WARN")
        #expect(root["timestamp"]?.text == Self.now.iso8601)
    }

    @Test func `text from outside stays text, on one line`() throws {
        let nasty = String((0..<0x20).map { Character(Unicode.Scalar(UInt8($0))) }) + "\"\\\u{7F}\u{2028}ü\",\"_aws\":1"
        let scope = MetricsScope()
        MetricsScope.record(record(.s3, nasty, on: nasty), in: scope)
        let root = try root(
            report(scope.snapshot()) { report in
                report.invocation = InvocationInfo(requestID: nasty, tenantID: nasty)
                report.errorType = nasty
            })

        for name in ["requestId", "tenantId", "errorType"] {
            #expect(root[name]?.text == nasty)
        }
        #expect(root["s3"]?.elements?.first?["bucket"]?.text == nasty)
    }

    @Test func `the longest line stays below the limit of an event`() throws {
        let scope = MetricsScope()
        for number in 0..<1_000 {
            let name = String(repeating: "t", count: 1_000) + "\(number)"
            MetricsScope.record(record(on: name, index: name), in: scope)
        }

        let bytes = try line(report(scope.snapshot()) { $0.errorType = String(repeating: "e", count: 1_000_000) })

        #expect(EMFValidator.violations(in: bytes, now: Self.now.milliseconds) == [])
    }

    @Test func `at level none there is no line`() throws {
        let environment = ["TALLY_SERVICE": "orders", "TALLY_METRICS_LEVEL": "none"]

        #expect(EMFLine(try MetricsConfiguration { environment[$0] }) == nil)
    }
}
