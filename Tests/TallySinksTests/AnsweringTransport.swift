import Synchronization
import TallyAWS
import TallyHTTP
import TallyMetrics
import TallyTestServer
import TallyWire
import Testing

/// A transport that answers in turn, the last answer again and again, and keeps every request.
final class AnsweringTransport: Transport {
    typealias Answer = Result<Response, TransportError>

    private let kept = Mutex<[Request]>([])
    private let answers: [Answer]

    init(_ answers: Answer...) {
        self.answers = answers
    }

    var requests: [Request] { kept.withLock { $0 } }

    /// The bodies of all requests, read as JSON.
    func bodies() throws -> [JSONNode] {
        try requests.map { try JSONNode(parsing: Array($0.body.bytes ?? [])) }
    }

    func send(_ request: Request) async throws(TransportError) -> Response {
        let number = kept.withLock { requests in
            requests.append(request)
            return requests.count
        }
        return try answers[min(number, answers.count) - 1].get()
    }

    func stream(_ request: Request) async throws(TransportError) -> StreamedResponse {
        throw TransportError(.invalidRequest, "nothing here is streamed")
    }
}

extension Result<Response, TransportError> {
    static func status(_ status: Int, _ body: String = "{}", _ headers: Headers = [:]) -> Self {
        .success(Response(status: status, headers: headers, body: Array(body.utf8)))
    }
}

extension ServiceClient {
    /// A client that makes one attempt.
    static func answering(_ transport: AnsweringTransport) -> ServiceClient {
        ServiceClient(
            transport: transport, region: "us-east-1",
            credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
            retry: RetryPolicy(maximumAttempts: 1), sleep: { _ in })
    }
}

extension MetricBatch {
    static let start = Timestamp(milliseconds: 1_795_219_143_000)
    static let end = Timestamp(milliseconds: 1_795_219_203_500)

    init(_ observations: [(key: MetricKey, values: [Double])]) {
        self.init(
            observations.map { key, values in
                MetricDelta(
                    key: key, stats: values.reduce(into: ValueStats()) { $0.add($1) }, start: Self.start, end: Self.end)
            })
    }
}

extension MetricKey {
    static let parcels = MetricKey("Parcels", unit: .count, dimensions: ["service": "shop"])
    static let picking = MetricKey("PickingTime", unit: .milliseconds, dimensions: ["service": "shop"])
    static let memory = MetricKey("Memory", unit: .megabytes, kind: .gauge, dimensions: ["service": "shop"])
}

/// Exports a batch, and returns what the sink threw.
func failure(of sink: some MetricSink, _ batch: MetricBatch) async -> MetricSinkError? {
    do {
        try await sink.open()
        try await sink.export(batch)
        return nil
    } catch {
        return error as? MetricSinkError
    }
}
