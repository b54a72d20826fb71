import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct EMFSinkTests {
    private func documents(_ observations: [(MetricKey, [Double])]) async throws -> [JSONNode] {
        let registry = MetricRegistry(clock: ManualClock().clock, logger: .silent)
        for (key, values) in observations {
            for value in values { registry.record(value, of: key) }
        }
        let pipe = Pipe()
        try await EMFSink(namespace: "Shop", output: pipe.output).export(registry.drain())
        pipe.closeWriter()
        let bytes = pipe.readAll()
        pipe.closeReader()
        return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONNode(parsing: Array($0)) }
    }

    @Test func `there is one document for each set of dimensions`() async throws {
        let shop = MetricKey("Parcels", unit: .count, dimensions: ["service": "shop"])
        let other = MetricKey("Letters", unit: .count, dimensions: ["service": "shop", "carrier": "dhl"])
        let time = MetricKey("PickingTime", unit: .milliseconds, dimensions: ["service": "shop"])
        let roots = try await documents([(shop, [1]), (other, [2]), (time, [3.5])])

        #expect(roots.count == 2)
        let whole = try #require(roots.first { $0["carrier"] == nil })
        #expect(whole.directives.first?.dimensionSets == [["service"]])
        #expect(whole.directives.first?.metricNames == ["Parcels", "PickingTime"])
        #expect(whole.directives.first?["Namespace"]?.text == "Shop")
        #expect(whole["service"]?.text == "shop")
        #expect(whole["PickingTime"]?.number == 3.5)
        #expect(whole["_aws"]?["Timestamp"]?.number == Double(ManualClock.wallStart.milliseconds))
    }

    @Test func `a document of single values and small distributions is valid by the specification`() async throws {
        let pipe = Pipe()
        let registry = MetricRegistry(clock: ManualClock().clock, logger: .silent)
        registry.record(1, of: .parcels)
        for value in 1...50 { registry.record(Double(value), of: .picking) }
        try await EMFSink(output: pipe.output).export(registry.drain())
        pipe.closeWriter()
        let line = pipe.readAll()
        pipe.closeReader()

        #expect(EMFValidator.violations(in: line, now: ManualClock.wallStart.milliseconds) == [])
    }

    @Test func `a distribution is its values and not their mean`() async throws {
        let root = try #require(try await documents([(.picking, [1, 1, 100])]).first)

        #expect(root["PickingTime"]?.elements?.compactMap(\.number) == [1, 1, 100])
    }

    @Test func `a counter is count, sum and extremes, and so is a distribution that fits no array`() async throws {
        let root = try #require(
            try await documents([(.parcels, [1, 2, 3]), (.picking, (1...101).map(Double.init))]).first)

        #expect(root["Parcels"]?["Sum"]?.number == 6)
        #expect(root["Parcels"]?["Count"]?.number == 3)
        #expect(root["Parcels"]?["Min"]?.number == 1)
        #expect(root["PickingTime"]?["Max"]?.number == 101)
        #expect(root["PickingTime"]?["Count"]?.number == 101)
    }

    @Test func `a hundred metrics fill a document`() async throws {
        let roots = try await documents((0..<250).map { (MetricKey("M\($0)", unit: .count), [1]) })

        #expect(roots.map { $0.directives.first?.metricNames.count } == [100, 100, 50])
    }

    @Test func `a namespace that CloudWatch does not take is an error at once`() {
        #expect(throws: MetricsConfigurationError.self) { try EMFSink(namespace: "AWS/Own") }
    }
}
