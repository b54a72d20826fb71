import TallyHTTP
import TallyMetrics
import TallyTestServer
import TallyWire
import Testing

@testable import TallySinks

@Suite struct OTLPSinkTests {
    private let batch = MetricBatch([(.parcels, [1, 2]), (.picking, [0.125, 3, 100]), (.memory, [60, 64])])

    private func sink(_ transport: any Transport, url: String = "http://127.0.0.1:4318/v1/metrics") -> OTLPSink {
        OTLPSink(
            url: url, headers: ["api-key": "k"], resource: [("service.name", "shop")], transport: transport,
            wallTime: { MetricBatch.end })
    }

    private func metric(_ name: String, _ batch: MetricBatch) throws -> JSONNode {
        let root = try JSONNode(parsing: OTLPMetrics.json(of: batch, resource: []))
        let scope = root["resourceMetrics"]?.elements?.first?["scopeMetrics"]?.elements?.first
        return try #require(scope?["metrics"]?.elements?.first { $0["name"]?.text == name })
    }

    // MARK: - The message

    @Test func `a counter is a monotonic sum of what was added, with times in nanoseconds as strings`() throws {
        let metric = try metric("Parcels", batch)
        let point = try #require(metric["sum"]?["dataPoints"]?.elements?.first)

        #expect(metric["sum"]?["aggregationTemporality"] == .number("1"))
        #expect(metric["sum"]?["isMonotonic"] == .bool(true))
        #expect(point["asDouble"]?.number == 3)
        #expect(point["startTimeUnixNano"]?.text == "1795219143000000000")
        #expect(point["timeUnixNano"]?.text == "1795219203500000000")
        #expect(point["attributes"]?.elements?.first?["key"]?.text == "service")
        #expect(point["attributes"]?.elements?.first?["value"]?["stringValue"]?.text == "shop")
    }

    @Test func `a sum that something was taken from is not monotonic`() throws {
        #expect(try metric("Parcels", MetricBatch([(.parcels, [3, -1])]))["sum"]?["isMonotonic"] == .bool(false))
    }

    @Test func `a distribution is a histogram and not a mean`() throws {
        let histogram = try #require(try metric("PickingTime", batch)["histogram"])
        let point = try #require(histogram["dataPoints"]?.elements?.first)
        let bounds = point["explicitBounds"]?.elements?.compactMap(\.number) ?? []
        let counts = point["bucketCounts"]?.elements?.compactMap(\.text) ?? []

        #expect(histogram["aggregationTemporality"] == .number("1"))
        #expect(point["count"]?.text == "3")
        #expect(point["sum"]?.number == 103.125)
        #expect(point["min"]?.number == 0.125 && point["max"]?.number == 100)
        #expect(bounds == bounds.sorted() && bounds.first == 0.125 && bounds.last == 1_048_576)
        #expect(counts.count == bounds.count + 1)
        // At or below 1/8, between 2 and 4, between 64 and 128.
        #expect(counts.indices.filter { counts[$0] == "1" } == [0, 5, 10])
    }

    @Test func `a gauge is its last value, and two of them are not added up`() throws {
        let metric = try metric("Memory", batch)

        #expect(metric["gauge"]?["dataPoints"]?.elements?.first?["asDouble"]?.number == 64)
        #expect(metric["unit"]?.text == "MiBy")
        #expect(metric["sum"] == nil)
    }

    @Test func `the points of one name are one metric`() throws {
        let other = MetricKey("Parcels", unit: .count, dimensions: ["service": "shop", "carrier": "dhl"])
        let metric = try metric("Parcels", MetricBatch([(.parcels, [1]), (other, [2])]))

        #expect(metric["sum"]?["dataPoints"]?.elements?.compactMap { $0["asDouble"]?.number }.sorted() == [1, 2])
    }

    // MARK: - Sending

    @Test func `a batch is posted as JSON with the headers of the collector`() async throws {
        let server = try LoopbackServer { _ in [reply("{}")] }
        defer { server.stop() }
        let sink = sink(CurlTransport(), url: "\(server.url)v1/metrics")

        #expect(await failure(of: sink, batch) == nil)

        let request = try #require(server.requests.first)
        let head = request.head.lowercased()
        #expect(head.hasPrefix("post /v1/metrics http/1.1"))
        #expect(head.contains("content-type: application/json"))
        #expect(head.contains("api-key: k"))
        let resource = try JSONNode(parsing: request.body)["resourceMetrics"]?.elements?.first?["resource"]
        #expect(resource?["attributes"]?.elements?.first?["value"]?["stringValue"]?.text == "shop")
    }

    @Test(arguments: [429, 502, 503, 504])
    func `what a busy collector did not take comes again, when it says`(status: Int) async {
        let error = await failure(of: sink(AnsweringTransport(.status(status, "", ["Retry-After": "30"]))), batch)

        #expect(error?.unsent == batch.deltas)
        #expect(error?.lostObservations == 0)
        #expect(error?.retryAfter == .seconds(30))
    }

    @Test func `the time to come again may be a date`() async {
        // Half a second after the clock.
        let date = "Sat, 21 Nov 2026 00:00:04 GMT"
        let transport = AnsweringTransport(.status(503, "", ["Retry-After": date]))
        let now = Timestamp(httpDate: date).map { $0 + .milliseconds(-500) }
        let sink = OTLPSink(
            url: "http://127.0.0.1/", headers: [:], resource: [], transport: transport,
            wallTime: { now ?? .now() })

        #expect(await failure(of: sink, batch)?.retryAfter == .milliseconds(500))
    }

    @Test(arguments: [400, 401, 404, 500])
    func `what is refused for good is lost and counted`(status: Int) async {
        let error = await failure(of: sink(AnsweringTransport(.status(status))), batch)

        #expect(error?.unsent.isEmpty == true)
        #expect(error?.lostObservations == 7)
    }

    @Test(arguments: [#""2""#, "2"])
    func `points that are rejected are lost, and the rest is not sent again`(number: String) async {
        let body = #"{"partialSuccess":{"rejectedDataPoints":\#(number),"errorMessage":"too old"}}"#
        let error = await failure(of: sink(AnsweringTransport(.status(200, body))), batch)

        #expect(error?.lostObservations == 2)
        #expect(error?.unsent.isEmpty == true)
        #expect(error?.message.contains("too old") == true)
    }

    @Test(arguments: ["", "{}", #"{"partialSuccess":{}}"#, "no JSON", #"{"partialSuccess":null}"#])
    func `any other answer with a status of success is one`(body: String) async {
        #expect(await failure(of: sink(AnsweringTransport(.status(200, body))), batch) == nil)
    }

    @Test(arguments: [(0, 3, 0), (1, 0, 7)])
    func `without an answer it comes again only where nothing was sent`(attempts: Int, unsent: Int, lost: Int) async {
        let broken = TransportError(.connectionFailed, "127.0.0.1:4318", attempts: attempts)
        let error = await failure(of: sink(AnsweringTransport(.failure(broken))), batch)

        #expect(error?.unsent.count == unsent)
        #expect(error?.lostObservations == lost)
        #expect(error?.retryAfter == (attempts == 0 ? .seconds(10) : nil))
    }
}
