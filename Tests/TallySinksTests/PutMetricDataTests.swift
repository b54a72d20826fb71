import TallyMetrics
import TallyTestServer
import TallyWire
import Testing

@testable import TallySinks

@Suite struct PutMetricDataTests {
    private func data(
        _ batch: MetricBatch, namespace: String = "Shop"
    ) throws -> [(namespace: String?, data: [JSONNode])] {
        try PutMetricData.requests(of: batch, namespace: namespace).map { request in
            let root = try JSONNode(parsing: request.body)
            return (root["Namespace"]?.text, root["MetricData"]?.elements ?? [])
        }
    }

    @Test func `a counter is a set of statistics with unit, dimensions and time of day`() throws {
        let request = try #require(
            PutMetricData.requests(of: MetricBatch([(.parcels, [1, 2])]), namespace: "Shop").first)

        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"Namespace":"Shop","MetricData":[{"MetricName":"Parcels","Dimensions":[{"Name":"service","#
                + #""Value":"shop"}],"Timestamp":1795219203,"Unit":"Count","StatisticValues":{"SampleCount":2,"Sum":3,"#
                + #""Minimum":1,"Maximum":2}}]}"#)
    }

    @Test func `a distribution is its values and how often each was seen, not their mean`() throws {
        let datum = try #require(try data(MetricBatch([(.picking, [100, 1, 1])])).first?.data.first)

        #expect(datum["Values"]?.elements?.map(\.number) == [1, 100])
        #expect(datum["Counts"]?.elements?.map(\.number) == [2, 1])
        #expect(datum["StatisticValues"] == nil)
    }

    @Test func `more than 150 values go into several data, all of them`() throws {
        let values = (0..<400).map { Double(sign: .plus, exponent: $0 / 16, significand: 1 + Double($0 % 16) / 16) }
        let data = try #require(try data(MetricBatch([(.picking, values)])).first?.data)

        #expect(data.map { $0["Values"]?.elements?.count } == [150, 150, 100])
        #expect(data.map { $0["Counts"]?.elements?.count } == [150, 150, 100])
        #expect(data.allSatisfy { $0["Timestamp"]?.number == 1_795_219_203 })
    }

    @Test func `a request has at most a thousand metrics`() throws {
        let batch = MetricBatch((0..<2_500).map { (MetricKey("M\($0)", unit: .count), [1]) })
        let requests = try data(batch)

        #expect(requests.map(\.data.count) == [1_000, 1_000, 500])
        #expect(Set(requests.flatMap(\.data).map { $0["MetricName"]?.text }).count == 2_500)
    }

    @Test func `a request stays below a megabyte`() throws {
        let long = String(repeating: "x", count: 1_000)
        let batch = MetricBatch(
            (0..<1_000).map { number in
                (MetricKey("M\(number)", unit: .count, dimensions: ["a": long, "b": long]), [1])
            })
        let requests = PutMetricData.requests(of: batch, namespace: "Shop")

        #expect(requests.count == 3)
        #expect(requests.allSatisfy { $0.body.count <= 1_000_000 })
        #expect(requests.reduce(0) { $0 + $1.deltas.count } == 1_000)
    }

    @Test func `each namespace has requests of its own`() throws {
        let own = MetricKey("Parcels", unit: .count, namespace: "Own")
        let requests = try data(MetricBatch([(.parcels, [1]), (own, [1])]))

        #expect(requests.map(\.namespace) == ["Shop", "Own"])
    }
}
