import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct JSONLinesSinkTests {
    @Test func `a metric is a line with its figures`() throws {
        var stats = ValueStats()
        for value in [10.0, 12.5, 15] { stats.add(value) }
        let key = MetricKey("PickingTime", unit: .milliseconds, namespace: "Shop", dimensions: ["service": "shop"])
        let start = ManualClock.wallStart
        let line = JSONLinesSink.line(MetricDelta(key: key, stats: stats, start: start, end: start + .seconds(60)))

        #expect(
            String(decoding: line, as: UTF8.self)
                == #"{"metric":"PickingTime","unit":"Milliseconds","namespace":"Shop","dimensions":{"service":"shop"},"#
                + #""start":"\#(start.iso8601)","end":"\#((start + .seconds(60)).iso8601)","count":3,"sum":37.5,"#
                + #""min":10,"max":15,"p50":12.5,"p90":15,"p99":15}"# + "\n")
    }

    @Test func `nothing observed is valid JSON without extremes`() throws {
        let line = JSONLinesSink.line(
            MetricDelta(key: .picking, stats: ValueStats(), start: .now(), end: .now()))
        let root = try JSONNode(parsing: line)

        #expect(root["count"]?.number == 0)
        #expect(root["min"] == nil && root["max"] == nil && root["p50"] == nil)
    }

    @Test func `lines that cannot be written are lost and counted`() async {
        let exporter = MetricsExporter(
            service: "shop", sinks: [JSONLinesSink(output: LineOutput(fileDescriptor: -1))], flush: .onDemand,
            logger: .silent)
        await exporter.run {
            exporter.record(1, of: .parcels)
            await exporter.flush()
        }

        #expect(exporter.lostObservations == ["JSONLinesSink": 1])
    }
}
