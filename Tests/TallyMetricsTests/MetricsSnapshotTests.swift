import TallyTestServer
import Testing

@testable import TallyMetrics

@Suite struct MetricsSnapshotTests {
    @Test(arguments: 0..<100)
    func `adding is associative and commutative, with unrecorded as zero`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let a = MetricsSnapshot.random(using: &generator)
        let b = MetricsSnapshot.random(using: &generator)
        let c = MetricsSnapshot.random(using: &generator)

        #expect((a + b) + c == a + (b + c))
        #expect(a + b == b + a)
        #expect(a + .unrecorded == a)
        #expect(.unrecorded + a == a)
    }

    @Test(arguments: 0..<20)
    func `a service's sum is that of its rows, in whatever order its calls came`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let calls = (0..<40).map { _ in CallRecord.random(using: &generator) }
        let anchor = WallClockAnchor.now()
        let forwards = MetricsScope(emitter: nil, anchor: anchor)
        let backwards = MetricsScope(emitter: nil, anchor: anchor)
        for call in calls { MetricsScope.record(call, in: forwards, at: epoch) }
        for call in calls.reversed() { MetricsScope.record(call, in: backwards, at: epoch) }

        let snapshot = forwards.snapshot()
        #expect(snapshot == backwards.snapshot())
        #expect(snapshot.operations.map(\.key) == snapshot.operations.map(\.key).sorted())
        #expect(Set(snapshot.operations.map(\.key)).count == snapshot.operations.count)

        for service in [Service.dynamoDB, .kms, .s3] {
            let expected = calls.filter { $0.service == service }.reduce(into: CallTotals()) {
                $0 += CallTotals($1, prices: .usEast1)
            }
            #expect(snapshot.totals(of: service) == expected)
        }
    }

    @Test func `each service's figures are under its own names`() {
        let scope = MetricsScope()
        let services: [(Service, Int)] = [(.dynamoDB, 1), (.kms, 2), (.s3, 3)]
        for (service, factor) in services {
            let call = record(service, "X") { call in
                call.duration = .milliseconds(factor)
                call.retryDelay = .milliseconds(10 * factor)
                call.attempts = 1 + factor
                call.throttles = 10 + factor
                call.outcome = .error
                call.bytesUploaded = 20 + factor
                call.bytesDownloaded = 30 + factor
                call.bytesResent = 40 + factor
            }
            for _ in 0..<factor { MetricsScope.record(call, in: scope) }
        }
        MetricsScope.record(record { $0.outcome = .conditionalFailure }, in: scope)
        MetricsScope.record(record { $0.readUnits = 0.5 }, in: scope)
        MetricsScope.record(record { $0.writeUnits = 4 }, in: scope)

        let metrics = scope.snapshot()
        #expect(metrics.operationCount == 4)
        #expect(metrics.dynamoDBDuration == .milliseconds(1))
        #expect(metrics.dynamoDBRetryDelay == .milliseconds(10))
        #expect(metrics.dynamoDBAttempts == 5)
        #expect(metrics.dynamoDBRetries == 1)
        #expect(metrics.dynamoDBThrottles == 11)
        #expect(metrics.dynamoDBErrors == 1)
        #expect(metrics.conditionalFailures == 1)
        #expect(metrics.readUnits == 0.5)
        #expect(metrics.writeUnits == 4)
        #expect(metrics.kmsCalls == 2)
        #expect(metrics.kmsDuration == .milliseconds(4))
        #expect(metrics.kmsAttempts == 6)
        #expect(metrics.kmsRetries == 4)
        #expect(metrics.kmsThrottles == 24)
        #expect(metrics.kmsErrors == 2)
        #expect(metrics.s3Calls == 3)
        #expect(metrics.s3Duration == .milliseconds(9))
        #expect(metrics.s3Attempts == 12)
        #expect(metrics.s3Retries == 9)
        #expect(metrics.s3Errors == 3)
        #expect(metrics.s3BytesUploaded == 69)
        #expect(metrics.s3BytesDownloaded == 99)
        #expect(metrics.s3BytesResent == 129)
        #expect(metrics.estimatedCost == 0.0625 + 2.5 + 6 + 15)
    }

    @Test func `a snapshot does not change with its scope`() {
        let scope = MetricsScope()
        MetricsScope.record(record(), in: scope)
        let before = scope.snapshot()

        MetricsScope.record(record(), in: scope)

        #expect(before.operationCount == 1)
        #expect(scope.snapshot().operationCount == 2)
    }

    @Test func `it prints as a table with aligned columns`() {
        let scope = MetricsScope()
        let read = record(.dynamoDB, "Query", on: "documents", index: "by-title") { call in
            call.duration = .microseconds(9_140)
            call.readUnits = 2.5
        }
        MetricsScope.record(read, in: scope, at: epoch)
        let upload = record(.s3, "PutObject", on: "files") { call in
            call.duration = .milliseconds(36)
            call.bytesUploaded = 524_288
        }
        MetricsScope.record(upload, in: scope, at: epoch)

        #expect(
            scope.snapshot().description == """
                                                   calls    ms  retries  errors  read  write      up  down  µUSD
                DynamoDB Query documents/by-title      1   9.1        0       0   2.5      –       0     0  0.31
                S3 PutObject files                     1  36.0        0       0     –      –  524288     0  5.00
                total                                  2  45.1        0       0   2.5      –  524288     0  5.31
                waited 0.0 ms for AWS, 0 data keys used again
                """)
        #expect(MetricsSnapshot.unrecorded.description == "not recorded")
    }
}
