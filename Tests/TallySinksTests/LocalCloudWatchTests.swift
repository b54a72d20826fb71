import TallyAWS
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallySinks

/// `PutMetricData` against a server on this machine, as `scripts/local` starts them.
///
///     eval "$(scripts/local env)" && swift test --filter LocalCloudWatchTests
@Suite(.enabled(if: LocalCloudWatch.endpoint != nil, "scripts/local is not running"))
struct LocalCloudWatchTests {
    @Test func `what is published can be read back, by name, dimension and statistic`() async throws {
        let endpoint = try #require(LocalCloudWatch.endpoint)
        let transport = CurlTransport()
        let client = ServiceClient(
            transport: transport, region: "us-east-1",
            credentials: StaticCredentials(Credentials(accessKeyID: "test", secretAccessKey: "test")),
            endpoints: try Endpoints(overrides: [.cloudWatch: endpoint]), sleep: transport.sleep(for:))
        let namespace = "Tally\(Timestamp.now().nanosecondsSinceEpoch)"
        let sink = CloudWatchSink(namespace: namespace, client: client)
        let end = Timestamp.now()
        let deltas = [(MetricKey.parcels, [1.0, 2, 4]), (.picking, [5, 5, 20])].map { key, values in
            MetricDelta(
                key: key, stats: values.reduce(into: ValueStats()) { $0.add($1) }, start: end + .seconds(-60), end: end)
        }

        #expect(await failure(of: sink, MetricBatch(deltas)) == nil)

        for (name, unit, sum) in [("Parcels", "Count", 7.0), ("PickingTime", "Milliseconds", 30)] {
            let answer = try await client.call(
                service: .cloudWatch, action: "GetMetricStatistics", version: "2010-08-01",
                parameters: [
                    "Namespace": namespace, "MetricName": name, "Unit": unit, "Period": "3600",
                    "StartTime": (end + .seconds(-3600)).iso8601, "EndTime": (end + .seconds(60)).iso8601,
                    "Statistics.member.1": "Sum", "Statistics.member.2": "Maximum",
                    "Dimensions.member.1.Name": "service", "Dimensions.member.1.Value": "shop",
                ])
            let text = String(decoding: answer, as: UTF8.self)
            let told = text.split(separator: "<Sum>").dropFirst().first?.split(separator: "<").first
            #expect(told.flatMap { Double($0) } == sum, "\(name): \(text)")
        }
    }
}

enum LocalCloudWatch {
    /// CloudWatch is one of the services of the server that `AWS_ENDPOINT_URL_CLOUDWATCH` or the one of KMS names.
    static var endpoint: String? {
        ["AWS_ENDPOINT_URL_CLOUDWATCH", "AWS_ENDPOINT_URL_KMS"].lazy
            .compactMap { ProcessEnvironment.value($0) }.first { !$0.isEmpty }
    }
}
