import TallyAWS
import TallyHTTP
import TallyMetrics
import TallyTestServer
import Testing

@testable import TallySinks

@Suite struct CloudWatchSinkTests {
    private let twoRequests = MetricBatch((0..<1_500).map { (MetricKey("M\($0)", unit: .count), [1]) })

    @Test func `a batch is signed and posted to CloudWatch in the region`() async throws {
        let transport = AnsweringTransport(.status(200))
        let sink = CloudWatchSink(namespace: "Shop", client: .answering(transport))

        #expect(await failure(of: sink, MetricBatch([(.parcels, [1])])) == nil)

        let request = try #require(transport.requests.first)
        #expect(request.url == "https://monitoring.us-east-1.amazonaws.com/")
        #expect(request.headers["X-Amz-Target"] == "GraniteServiceVersion20100801.PutMetricData")
        #expect(request.headers["Content-Type"] == "application/x-amz-json-1.0")
        #expect(request.headers["Authorization"]?.contains("/us-east-1/monitoring/aws4_request") == true)
        #expect(try transport.bodies().first?["Namespace"]?.text == "Shop")
    }

    @Test func `what is throttled may come again, with all that was to follow`() async {
        let transport = AnsweringTransport(
            .status(200), .status(400, #"{"__type":"com.amazonaws#ThrottlingException","message":"Rate exceeded"}"#))
        let error = await failure(of: CloudWatchSink(client: .answering(transport)), twoRequests)

        #expect(error?.code == "ThrottlingException")
        #expect(error?.unsent.count == 500)
        #expect(error?.lostObservations == 0)
    }

    @Test func `what is refused for good is lost, and the rest still goes out`() async {
        let transport = AnsweringTransport(
            .status(400, #"{"__type":"com.amazonaws#InvalidParameterValueException","message":"no"}"#), .status(200))
        let error = await failure(of: CloudWatchSink(client: .answering(transport)), twoRequests)

        #expect(transport.requests.count == 2)
        #expect(error?.unsent.isEmpty == true)
        #expect(error?.lostObservations == 1_000)
    }

    @Test func `a request without an answer is lost, since it may have arrived`() async {
        let transport = AnsweringTransport(.failure(TransportError(.connectionLost, "127.0.0.1", attempts: 1)))
        let error = await failure(of: CloudWatchSink(client: .answering(transport)), MetricBatch([(.parcels, [1, 1])]))

        #expect(error?.unsent.isEmpty == true)
        #expect(error?.lostObservations == 2)
    }
}
