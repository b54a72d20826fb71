import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

/// What a handler adds, as it is on the line.
///
/// Where Powertools for Lambda (Python 3.37) is known to do otherwise, the test
/// says so.
@Suite struct UserMetricsTests {
    private let service: [[String]] = [["service"]]

    // MARK: - What is taken

    @Test func `one value is a number, several are an array in their order`() throws {
        let lines = try EMFDocuments { metrics in
            metrics.add("OrdersPlaced", 1, .count)
            for value in [3, 1, 2.5] { metrics.add("Weight", value) }
            metrics.add("PickingTime", Duration.microseconds(1_234_567))
        }

        #expect(lines.roots.count == 1)
        #expect(lines.main["OrdersPlaced"] == .number("1"))
        #expect(lines.main["Weight"] == .array([.number("3"), .number("1"), .number("2.5")]))
        #expect(lines.main["PickingTime"] == .number("1234.567"))
        #expect(lines.definitions(of: "OrdersPlaced") == [try JSONNode(#"{"Name":"OrdersPlaced","Unit":"Count"}"#)])
        #expect(lines.definitions(of: "Weight").first?["Unit"]?.text == "None")
        #expect(lines.definitions(of: "PickingTime").first?["Unit"]?.text == "Milliseconds")
    }

    @Test func `the handler's metrics are beside Tally's own, under the same dimensions`() throws {
        let lines = try EMFDocuments { $0.add("OrdersPlaced", 1, .count) }

        #expect(lines.main.directives.count == 1)
        #expect(lines.main.directives.first?.dimensionSets == service)
        #expect(lines.main["HandlerErrors"]?.number == 0)
        #expect(lines.main["part"] == nil)
        #expect(lines.main["rejectedMetrics"] == nil)
    }

    @Test func `a metric of high resolution says so`() throws {
        let lines = try EMFDocuments { $0.add("Latency", 5, .milliseconds, resolution: .high) }

        #expect(lines.definitions(of: "Latency").first?["StorageResolution"] == .number("1"))
    }

    @Test func `a property is on the line and no metric`() throws {
        let lines = try EMFDocuments { metrics in
            metrics.setProperty("orderId", "o-1")
            metrics.setProperty("items", [1, 2])
            metrics.setProperty("orderId", "o-2")
        }

        #expect(lines.main["orderId"]?.text == "o-2")
        #expect(lines.main["items"] == .array([.number("1"), .number("2")]))
        #expect(lines.definitions(of: "orderId").isEmpty)
    }

    @Test func `added dimensions are a further set for the handler's metrics alone`() throws {
        let lines = try EMFDocuments { metrics in
            metrics.add("OrdersPlaced", 1, .count)
            metrics.addDimensions(["shop": "berlin", "carrier": "dhl"])
            metrics.addDimensions(["shop": "berlin"])
            metrics.addDimensions(["shop": "berlin"])
        }

        let (own, added) = (lines.main.directives.first, lines.main.directives.last)
        #expect(own?.dimensionSets == service)
        #expect(own?.metricNames.contains("OrdersPlaced") == false)
        #expect(added?.dimensionSets == [["service"], ["service", "shop", "carrier"], ["service", "shop"]])
        #expect(added?.metricNames == ["OrdersPlaced"])
        #expect(lines.main["shop"]?.text == "berlin")
    }

    @Test func `metrics with dimensions of their own are on lines of their own`() throws {
        let lines = try EMFDocuments { metrics in
            metrics.separate(dimensions: ["carrier": "dhl"]).add("ParcelsSent", 2, .count)
            metrics.separate(dimensions: ["carrier": "ups"]).add("ParcelsSent", 3, .count)
            metrics.separate(dimensions: ["carrier": "dhl"]).add("ParcelsSent", 4, .count)
        }

        #expect(lines.roots.count == 3)
        #expect(lines.values(of: "ParcelsSent") == [[2, 4], [3]])
        #expect(lines.roots.map { $0["carrier"]?.text } == [nil, "dhl", "ups"])
        #expect(lines.roots.map { $0["part"]?.number } == [nil, 2, 3])
        #expect(lines.roots.map { $0["requestId"]?.text } == ["r-1", "r-1", "r-1"])
        #expect(lines.roots[1].directives.first?.dimensionSets == [["service", "carrier"]])
        #expect(lines.roots.count { $0["HandlerErrors"] != nil } == 1)
    }

    @Test func `a metric is published under its own namespace and no other (Powertools shares them)`() throws {
        let lines = try EMFDocuments { metrics in
            metrics.separate(namespace: "Shop/One").add("Orders", 1, .count)
            metrics.separate(namespace: "Shop/Two").add("Orders", 2, .count)
            metrics.add("Orders", 3, .count)
        }

        let found = lines.roots.map { root in
            [root.directives.first?["Namespace"]?.text ?? "", "\(root["Orders"]?.number ?? 0)"]
        }
        #expect(found == [["Tally", "3.0"], ["Shop/One", "1.0"], ["Shop/Two", "2.0"]])
    }

    @Test func `separate metrics without a value make no line (Powertools prints null)`() throws {
        let lines = try EMFDocuments { metrics in
            _ = metrics.separate(dimensions: ["carrier": "dhl"])
            metrics.separate(dimensions: ["carrier": "ups"]).add("ParcelsSent", .nan)
        }

        #expect(lines.roots.count == 1)
        #expect(lines.main["rejectedMetrics"]?.number == 1)
    }

    // MARK: - What is refused

    @Test(arguments: [Double.nan, .infinity, -.infinity, .signalingNaN, 0x1.8p360, -0x1p400])
    func `a value that CloudWatch has no number for costs that value alone (Powertools: the line)`(
        value: Double
    ) throws {
        let lines = try EMFDocuments { metrics in
            metrics.add("Weight", 1)
            metrics.add("Weight", value)
            metrics.add("Other", value)
            metrics.add("Weight", 2)
        }

        #expect(lines.values(of: "Weight") == [[1, 2]])
        #expect(lines.main["Other"] == nil)
        #expect(lines.main["rejectedMetrics"]?.number == 2)
    }

    @Test func `the largest values are taken`() throws {
        let lines = try EMFDocuments { metrics in
            metrics.add("Weight", 0x1p360)
            metrics.add("Weight", -0x1p360)
            metrics.add("Weight", Double.leastNonzeroMagnitude)
            metrics.add("Weight", -0.0)
        }

        #expect(lines.values(of: "Weight") == [[0x1p360, -0x1p360, .leastNonzeroMagnitude, 0]])
        #expect(lines.main["rejectedMetrics"] == nil)
    }

    @Test func `the first unit and resolution of a metric hold (Powertools: the last, for all values)`() throws {
        let lines = try EMFDocuments { metrics in
            metrics.add("Latency", 1, .milliseconds)
            metrics.add("Latency", 2, .seconds)
            metrics.add("Latency", 3, .milliseconds, resolution: .high)
            metrics.add("Latency", 4, .milliseconds)
        }

        #expect(lines.values(of: "Latency") == [[1, 4]])
        #expect(lines.definitions(of: "Latency").map { $0["Unit"]?.text } == ["Milliseconds"])
        #expect(lines.definitions(of: "Latency").first?["StorageResolution"] == nil)
        #expect(lines.main["rejectedMetrics"]?.number == 2)
    }

    @Test func `no metric, dimension or property takes the place of another (Powertools overwrites)`() throws {
        let lines = try EMFDocuments { metrics in
            metrics.addDimensions(["shop": "berlin"])
            metrics.add("shop", 1)
            metrics.setProperty("shop", "x")
            metrics.add("Orders", 1)
            metrics.addDimensions(["Orders": "x"])
            metrics.setProperty("Orders", "x")
            metrics.setProperty("orderId", "o-1")
            metrics.add("orderId", 1)
            metrics.addDimensions(["orderId": "x"])
            metrics.addDimensions(["shop": "paris"])
            metrics.addDimensions(["a": "1", "a": "1"])
        }

        #expect(lines.main["shop"]?.text == "berlin")
        #expect(lines.main["Orders"]?.number == 1)
        #expect(lines.main["orderId"]?.text == "o-1")
        #expect(lines.main["rejectedMetrics"]?.number == 8)
    }

    @Test(arguments: [
        "_aws", "level", "timestamp", "time", "message", "requestId", "tenantId", "errorType", "errorMessage",
        "stackTrace", "service", "functionName", "functionVersion", "traceId", "outcome", "lateCalls", "lateMetrics",
        "rejectedMetrics", "part", "dynamodb", "kms", "s3", "initKMSCalls", "KMSCalls", "HandlerDuration",
        "InitDuration", "TimeoutImminent", "EstimatedCost",
    ])
    func `a member of the line stays what it is (Powertools lets _aws be replaced)`(name: String) throws {
        let without = try EMFDocuments { _ in }

        let lines = try EMFDocuments { metrics in
            metrics.add(name, 77)
            metrics.setProperty(name, "boom")
            metrics.addDimensions([name: "boom"])
            metrics.separate().add(name, 77)
        }

        #expect(lines.roots.count == 1)
        #expect(lines.main["rejectedMetrics"]?.number == 4)
        #expect(lines.main.members.filter { $0.name != "rejectedMetrics" } == without.main.members)
    }

    @Test func `every member that a line can have is reserved`() throws {
        let scope = MetricsScope(
            InvocationInfo(requestID: "r", traceHeader: "Root=1", tenantID: "t"))
        for service in [Service.dynamoDB, .kms, .s3] { MetricsScope.record(record(service), in: scope) }
        var report = InvocationReport(
            invocation: scope.invocation, outcome: .timeout, errorType: "E", handlerDuration: .zero,
            metrics: scope.snapshot())
        report.initMetrics = scope.snapshot()
        report.initDuration = .zero
        report.remainingTime = .zero
        report.peakMemoryBytes = 1
        report.lateCalls = 1
        report.lateMetrics = 1
        let environment = [
            "AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_LOG_FORMAT": "JSON",
        ]
        let line = try #require(EMFLine(try MetricsConfiguration { environment[$0] }))

        let names = try JSONNode(parsing: line.bytes(for: report)).members.map(\.name)

        #expect(names.filter { !MetricRules.reservedNames.contains($0) } == [])
    }

    @Test(arguments: [
        "", " ", "   ", ":a", "a\nb", "a\u{0}", "ü", "\u{7F}", "a\u{2028}", String(repeating: "n", count: 256),
    ])
    func `a name that CloudWatch would drop is refused`(name: String) throws {
        let lines = try EMFDocuments { metrics in
            metrics.add(name, 1)
            metrics.setProperty(name, "x")
            metrics.addDimensions([name: "x"])
        }

        #expect(lines.main["rejectedMetrics"]?.number == 3)
    }

    @Test(arguments: ["", " ", "ü", "a\nb", "\u{7}", String(repeating: "v", count: 1025)])
    func `a dimension's value that CloudWatch would drop is refused, with its whole set`(value: String) throws {
        let lines = try EMFDocuments { metrics in
            metrics.add("Orders", 1)
            metrics.addDimensions(["a": "1", "shop": value])
            metrics.separate(dimensions: ["shop": value]).add("Orders", 2)
        }

        #expect(lines.roots.count == 1)
        #expect(lines.main.directives.map(\.dimensionSets) == [service])
        #expect(lines.main["a"] == nil)
        #expect(lines.main["rejectedMetrics"]?.number == 2)
    }

    @Test(arguments: ["", "AWS/Lambda", ":a", "bad ns ü :)", "a b", String(repeating: "n", count: 256)])
    func `a namespace that CloudWatch would drop is refused (Powertools takes it)`(namespace: String) throws {
        let lines = try EMFDocuments { $0.separate(namespace: namespace).add("Orders", 1) }

        #expect(lines.roots.count == 1)
        #expect(lines.main["rejectedMetrics"]?.number == 1)
    }

    @Test func `there are 30 dimensions with service, and no more`() throws {
        let lines = try EMFDocuments { metrics in
            metrics.add("Orders", 1)
            for number in 0..<40 { metrics.addDimensions(Self.pair("d\(number)", "x")) }
        }

        let sets = lines.main.directives.last?.dimensionSets ?? []
        #expect(Set(sets.joined()).count == 30)
        #expect(lines.main["rejectedMetrics"]?.number == 11)
    }

    @Test func `properties end before the line has no room for metrics`() throws {
        let text = String(repeating: "x", count: 5_000)

        let lines = try EMFDocuments { metrics in
            for number in 0..<20 { metrics.setProperty("p\(number)", text) }
            metrics.setProperty("p0", text + text)
            metrics.setProperty("p0", "small")
            metrics.add("Orders", 1)
        }

        #expect(lines.roots.count == 1)
        #expect(lines.main["Orders"]?.number == 1)
        #expect(lines.main["p0"]?.text == "small")
        #expect(lines.main["p12"] != nil)
        #expect(lines.main["p13"] == nil)
        #expect(lines.main["rejectedMetrics"]?.number == 8)
    }

    @Test(arguments: ["", "1 2", "{", "\"a\"\n", "\n1", "nul", "\"a\":1", "1}"])
    func `a property that is not written as JSON is refused`(text: String) throws {
        let lines = try EMFDocuments { $0.setProperty("order", Verbatim(text: text)) }

        #expect(lines.main["order"] == nil)
        #expect(lines.main["rejectedMetrics"]?.number == 1)
    }

    @Test func `a service called like something that the handler added has another member`() throws {
        let scope = MetricsScope(dimensions: [], logger: .silent)
        let metrics = InvocationMetrics(of: scope)
        metrics.add("sqs", 1)
        metrics.add("calls_sqs", 2)
        MetricsScope.record(record(.sqs, "SendMessage", on: nil), in: scope)
        MetricsScope.record(record(Service(rawValue: "Part"), "X", on: nil), in: scope)

        let root = try EMFDocuments(of: scope, try MetricsConfiguration { ["TALLY_SERVICE": "orders"][$0] }).main

        #expect(root["sqs"]?.number == 1)
        #expect(root["calls_sqs"]?.number == 2)
        #expect(root["calls_calls_sqs"]?.elements?.count == 1)
        #expect(root["calls_part"]?.elements?.count == 1)
    }

    // MARK: - Configuration

    @Test func `the function's dimensions are a further set, for all metrics`() throws {
        let lines = try EMFDocuments(["TALLY_DIMENSIONS": "stage=prod,team=blue"]) { metrics in
            metrics.add("Orders", 1)
            metrics.addDimensions(["shop": "berlin", "stage": "prod"])
            metrics.addDimensions(["stage": "prod"])
            metrics.add("stage", 1)
            metrics.addDimensions(["stage": "test"])
            metrics.separate(dimensions: ["carrier": "dhl"]).add("Parcels", 2)
        }

        let own = [["service"], ["service", "stage", "team"]]
        #expect(lines.main.directives.first?.dimensionSets == own)
        #expect(lines.main.directives.last?.dimensionSets == own + [["service", "stage", "team", "shop"]])
        #expect(lines.roots.last?.directives.first?.dimensionSets == [["service", "stage", "team", "carrier"]])
        #expect(lines.roots.map { $0["stage"]?.text } == ["prod", "prod"])
        #expect(lines.main["rejectedMetrics"]?.number == 2)
    }

    @Test(arguments: [true, false])
    func `without extraction the lines are the same but for _aws`(hasMetrics: Bool) throws {
        func lines(_ extraction: String) throws -> [JSONNode] {
            let environment = ["TALLY_METRICS_EXTRACTION": extraction, "TALLY_DIMENSIONS": "stage=prod"]
            return try EMFDocuments(environment) { metrics in
                guard hasMetrics else { return }
                metrics.add("Orders", 1)
                metrics.setProperty("orderId", "o-1")
                metrics.separate(dimensions: ["carrier": "dhl"]).add("Parcels", 2)
            }.roots
        }

        let (on, off) = (try lines("on"), try lines("off"))

        #expect(on.allSatisfy { $0["_aws"] != nil })
        #expect(off == on.map { .object($0.members.filter { $0.name != "_aws" }) })
    }

    @Test func `under the JSON log format each line carries level and timestamp`() throws {
        let environment = ["AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "ERROR"]

        let lines = try EMFDocuments(environment) { metrics in
            metrics.add("Orders", 1)
            metrics.separate().add("Parcels", 2)
        }

        #expect(lines.roots.map { $0["level"]?.text } == ["ERROR", "ERROR"])
        #expect(lines.roots.map { $0["timestamp"]?.text } == Array(repeating: EMFDocuments.now.iso8601, count: 2))
    }

    private static func pair(_ name: String, _ value: String) -> KeyValuePairs<String, String> {
        [name: value]
    }
}

/// Writes what it has, JSON or not.
private struct Verbatim: LogValue {
    let text: String

    func write(to json: inout JSONWriter) {
        json.raw(text.utf8)
    }
}
