import Testing

@testable import TallyMetrics

@Suite struct MetricKeyTests {
    @Test func `the order in which dimensions are given makes no difference`() {
        let one = MetricKey("Parcels", unit: .count, dimensions: ["service": "shop", "carrier": "dhl"])
        let other = MetricKey("Parcels", unit: .count, dimensions: ["carrier": "dhl", "service": "shop"])

        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one.dimensions.map(\.name) == ["carrier", "service"])
    }

    @Test func `of a dimension that is there twice the last value holds`() {
        #expect(MetricKey("A", dimensions: ["b": "1", "b": "2"]).dimensions.map(\.value) == ["2"])
    }

    @Test func `things and bytes are counted, times spread, and memory is a level`() {
        #expect(MetricKey("A", unit: .count).kind == .counter)
        #expect(MetricKey("A", unit: .bytes).kind == .counter)
        #expect(MetricKey("A", unit: .milliseconds).kind == .distribution)
        #expect(MetricKey("A").kind == .distribution)
        #expect(MetricKey(.maxMemoryUsed, dimensions: []).kind == .gauge)
        #expect(MetricKey("A", unit: .count, kind: .gauge).kind == .gauge)
    }

    @Test func `the summary of a key has no table, operation, index or error code`() {
        let key = MetricKey(
            "Errors", unit: .count,
            dimensions: ["service": "shop", "table": "t", "operation": "Query", "index": "i", "errorCode": "E"])

        #expect(key.summary == MetricKey("Errors", unit: .count, dimensions: ["service": "shop"]))
    }
}
