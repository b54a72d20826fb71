import Testing

@testable import TallyMetrics

@Suite struct ScopeFiguresTests {
    private let service = [MetricDimension(name: "service", value: "shop")]

    private func values(
        _ level: MetricsLevel = .summary, _ body: (MetricsScope) -> Void
    ) -> [MetricKey: [Double]] {
        let scope = MetricsScope(level: level)
        body(scope)
        var report = InvocationReport(
            invocation: scope.invocation, outcome: .error, handlerDuration: .milliseconds(12), metrics: scope.snapshot()
        )
        report.userMetrics = scope.userMetrics()
        return Dictionary(grouping: ScopeFigures(report).values(level: level, dimensions: service), by: \.key)
            .mapValues { $0.map(\.value) }
    }

    private func key(_ name: MetricName, _ dimensions: KeyValuePairs<String, String> = [:]) -> MetricKey {
        MetricKey(name, dimensions: service + dimensions.map(MetricDimension.init))
    }

    @Test func `an invocation's figures are those of its line`() {
        let values = values { scope in
            MetricsScope.record(record { $0.writeUnits = 2 }, in: scope)
            MetricsScope.record(record { $0.outcome = .error }, in: scope)
        }

        #expect(values[key(.handlerDuration)] == [12])
        #expect(values[key(.handlerErrors)] == [1])
        #expect(values[key(.coldStart)] == [0])
        #expect(values[key(.dynamoDBOperations)] == [2])
        #expect(values[key(.dynamoDBErrors)] == [1])
        #expect(values[key(.dynamoDBThrottles)] == [0])
        #expect(values[key(.dynamoDBWriteUnits)] == [2])
        #expect(values[key(.timeoutImminent)] == nil)
    }

    @Test func `a service that was not called has no figures`() {
        let values = values { MetricsScope.record(record(.s3, "GetObject"), in: $0) }

        #expect(values[key(.s3Calls)] == [1])
        #expect(values[key(.s3Errors)] == [0])
        #expect(!values.keys.contains { $0.name.hasPrefix("DynamoDB") || $0.name.hasPrefix("KMS") })
    }

    @Test func `outside Lambda a scope has no figures of an invocation`() {
        let scope = MetricsScope()
        MetricsScope.record(record(), in: scope)
        let names = ScopeFigures(scope).values(level: .summary, dimensions: []).map(\.key.name)

        #expect(names.contains("DynamoDBOperations"))
        #expect(!names.contains("HandlerDuration") && !names.contains("HandlerErrors") && !names.contains("ColdStart"))
    }

    @Test func `single operations, tables and indexes are told at level detailed only`() {
        func calls(_ scope: MetricsScope) {
            MetricsScope.record(record(.dynamoDB, "Query", on: "orders", index: "by-date"), in: scope)
            MetricsScope.record(record(.s3, "GetObject", on: "files") { $0.bytesDownloaded = 7 }, in: scope)
            MetricsScope.record(record(.kms, "Decrypt", on: "key-1"), in: scope)
        }
        let detailed = values(.detailed, calls)

        #expect(
            detailed[key(.dynamoDBOperations, ["table": "orders", "operation": "Query", "index": "by-date"])] == [1])
        #expect(detailed[key(.s3BytesDownloaded, ["bucket": "files", "operation": "GetObject"])] == [7])
        #expect(detailed[key(.kmsCalls, ["operation": "Decrypt"])] == [1])
        #expect(detailed[key(.dynamoDBOperations)] == [1])
        #expect(values(.summary, calls).keys.allSatisfy { $0.dimensions == service })
    }

    @Test func `errors are told by code at level detailed, and their number is exact`() {
        let values = values(.detailed) { scope in
            for number in 0..<8 {
                MetricsScope.record(
                    record {
                        $0.outcome = .error
                        $0.errorCode = number < 7 ? "ThrottlingException" : "ValidationException"
                    }, in: scope)
            }
        }
        let byCode = values.filter { $0.key.dimensions.contains { $0.name == "errorCode" } }

        #expect(byCode.values.joined().reduce(0, +) == 8)
        #expect(values[key(.dynamoDBErrors, ["table": "documents", "operation": "PutItem"])] == [8])
    }

    @Test func `each value that the handler added is an observation, with its dimensions and namespace`() {
        let values = values { scope in
            let metrics = InvocationMetrics(of: scope)
            metrics.add("PickingTime", 1.5, .milliseconds)
            metrics.add("PickingTime", 2.5, .milliseconds)
            metrics.addDimensions(["shop": "berlin"])
            metrics.separate(namespace: "Shop", dimensions: ["carrier": "dhl"]).add("ParcelsSent", 2, .count)
        }

        let picking = MetricKey(
            "PickingTime", unit: .milliseconds, dimensions: ["service": "shop", "shop": "berlin"])
        let parcels = MetricKey(
            "ParcelsSent", unit: .count, namespace: "Shop", dimensions: ["service": "shop", "carrier": "dhl"])
        #expect(values[picking] == [1.5, 2.5])
        #expect(values[parcels] == [2])
    }
}
