import Synchronization
public import TallyAWS
import TallyHTTP
public import TallyMetrics
import TallyWire

/// Publishes metrics with CloudWatch's `PutMetricData`: for processes whose log does not become metrics, or whose
/// metrics must be there within seconds.
///
///     metrics.sinks = [CloudWatchSink(namespace: "Orders")]
///
/// Distributions are sent as values and counts, of which CloudWatch makes percentiles; a value is at most 6.25 % off
/// where there were several alike, and the sum is exact. Counters and gauges are sent as count, sum, minimum and
/// maximum.
///
/// A request has at most 1,000 metrics and 1 MB. One that CloudWatch throttles comes again with the next export; one
/// that it refuses for good, or of which no answer came, is lost and counted. As with every AWS SDK, a request whose
/// connection broke is sent again at once, and so may count twice.
///
/// The role needs `cloudwatch:PutMetricData`.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html>
public final class CloudWatchSink: MetricSink {
    private let namespace: String
    private let makeClient: @Sendable () throws -> ServiceClient
    private let client = Mutex<ServiceClient?>(nil)

    /// Creates a sink that calls CloudWatch as the environment configures it, over a transport of its own.
    ///
    /// - Parameter namespace: The namespace of metrics that have none of their own.
    public init(namespace: String = "Tally") {
        self.namespace = namespace
        makeClient = { try ServiceClient(configuring: CurlTransport()) }
    }

    /// Creates a sink.
    ///
    /// - Parameters:
    ///   - namespace: The namespace of metrics that have none of their own.
    ///   - client: Makes the calls.
    public init(namespace: String = "Tally", client: ServiceClient) {
        self.namespace = namespace
        makeClient = { client }
    }

    /// Makes the client.
    ///
    /// - Throws: `ConfigurationError` that names the variable that is missing or wrong.
    public func open() async throws {
        let made = try makeClient()
        client.withLock { $0 = made }
    }

    /// Publishes a batch.
    ///
    /// - Parameter batch: What was observed.
    /// - Throws: ``MetricSinkError`` with what can be sent again and what is lost.
    public func export(_ batch: MetricBatch) async throws {
        guard let client = client.withLock({ $0 }) else { return }
        let requests = PutMetricData.requests(of: batch, namespace: namespace)
        var unsent: [MetricDelta] = []
        var lost = 0
        var failure: ServiceError?
        for (position, request) in requests.enumerated() {
            do throws(ServiceError) {
                _ = try await client.call(
                    service: .cloudWatch, target: "GraniteServiceVersion20100801.PutMetricData", body: request.body,
                    version: "1.0")
            } catch {
                failure = error
                guard Self.isUntaken(error) else {
                    lost += request.deltas.reduce(0) { $0 + $1.stats.count }
                    continue
                }
                unsent = requests[position...].flatMap(\.deltas)
                break
            }
        }
        guard let failure else { return }
        throw MetricSinkError(
            code: failure.code.rawValue, message: "\(failure)", unsent: unsent, lostObservations: lost)
    }

    /// Lets go of the client.
    public func close() async {
        client.withLock { $0 = nil }
    }

    /// Whether the service has certainly not taken a request, and may take it later.
    private static func isUntaken(_ error: ServiceError) -> Bool {
        error.isThrottling || error.status == 503 || error.attempts == 0
    }
}
