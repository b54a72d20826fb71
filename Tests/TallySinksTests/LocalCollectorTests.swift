import TallyAWS
import TallyHTTP
import TallyMetrics
import Testing

@testable import TallySinks

/// OTLP against a collector that reads it by the published messages, see `scripts/support/otlp_collector.py`.
@Suite(.enabled(if: ProcessEnvironment.value("OTEL_EXPORTER_OTLP_ENDPOINT") != nil, "there is no collector"))
struct LocalCollectorTests {
    @Test func `a collector takes counters, distributions and gauges, with whatever is in their names`() async throws {
        let odd = MetricKey("a \"b\" \\c", unit: .count, namespace: "Own", dimensions: ["d \"e\"": "\\f"])
        let batch = MetricBatch([
            (.parcels, [1, 2]), (odd, [0.5, -2]), (.memory, [60, 64]),
            (.picking, [0, 0.001, 0.125, 3, 100, 5_000_000, 0x1p300]),
        ])
        let sink = try OTLPSink(environment: ProcessEnvironment.value)

        #expect(await failure(of: sink, batch) == nil)
    }
}
