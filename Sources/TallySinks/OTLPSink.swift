public import TallyHTTP
public import TallyMetrics
import TallyWire

/// Sends metrics to an OpenTelemetry collector, as JSON over HTTP.
///
///     metrics.sinks = [try OTLPSink(environment: ProcessEnvironment.value)]
///
/// Counters are sums and distributions histograms, both as what was added since the last export (delta temporality);
/// gauges are gauges. The bounds of histograms are powers of two from 1/8 to 2^20.
///
/// What the collector is too busy for (429, 502, 503, 504) comes again, not before the time that its `Retry-After`
/// names. Points that it rejects, a batch that it refuses and one of which no answer came are lost and counted.
///
/// Source: <https://opentelemetry.io/docs/specs/otlp/#otlphttp>
public final class OTLPSink: MetricSink {
    private static let restWhenUnreachable = Duration.seconds(10)

    private let url: String
    private let headers: Headers
    private let resource: [(name: String, value: String)]
    private let transport: any Transport
    private let wallTime: @Sendable () -> Timestamp

    /// Creates a sink.
    ///
    /// - Parameters:
    ///   - url: Where batches are posted to, such as `http://localhost:4318/v1/metrics`.
    ///   - headers: Sent with each batch, such as an API key.
    ///   - resource: The attributes of the process, such as `service.name`.
    ///   - transport: What carries the requests; one of its own unless given.
    public convenience init(
        url: String, headers: Headers = Headers(), resource: KeyValuePairs<String, String> = [:],
        transport: (any Transport)? = nil
    ) {
        self.init(
            url: url, headers: headers, resource: resource.map { ($0.key, $0.value) },
            transport: transport ?? CurlTransport(), wallTime: Timestamp.now)
    }

    /// Creates a sink as the variables of OpenTelemetry and Lambda configure it.
    ///
    /// `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` and `/v1/metrics`, else
    /// `http://localhost:4318/v1/metrics`; `OTEL_EXPORTER_OTLP_METRICS_HEADERS`, or `OTEL_EXPORTER_OTLP_HEADERS`. The
    /// resource has `service.name` (`OTEL_SERVICE_NAME`, `TALLY_SERVICE`, the function's name), `faas.name`,
    /// `faas.version` and `cloud.region`.
    ///
    /// - Parameters:
    ///   - environment: Looks a variable up; an empty value counts as an absent one.
    ///   - transport: What carries the requests; one of its own unless given.
    /// - Throws: ``MetricsConfigurationError`` for the first variable whose value cannot be used.
    ///
    /// Source: <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>
    public convenience init(
        environment: (String) -> String?, transport: (any Transport)? = nil
    ) throws(MetricsConfigurationError) {
        let settings = try OTLPSettings(environment)
        self.init(
            url: settings.url, headers: settings.headers, resource: settings.resource,
            transport: transport ?? CurlTransport(), wallTime: Timestamp.now)
    }

    init(
        url: String, headers: Headers, resource: [(name: String, value: String)], transport: any Transport,
        wallTime: @escaping @Sendable () -> Timestamp
    ) {
        self.url = url
        self.headers = headers
        self.resource = resource
        self.transport = transport
        self.wallTime = wallTime
    }

    /// Sends a batch.
    ///
    /// - Parameter batch: What was observed.
    /// - Throws: ``MetricSinkError`` with what can be sent again and what is lost.
    public func export(_ batch: MetricBatch) async throws {
        var request = Request(
            .post, url, headers: headers, body: .bytes(OTLPMetrics.json(of: batch, resource: resource)))
        request.headers["Content-Type"] = "application/json"
        // A collector is near; one that is not there must not hold back each event of a function for long.
        request.timeouts.connect = .seconds(1)
        let response: Response
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            // What was on a wire may have arrived, and would count twice.
            let isSent = error.attempts > 0
            throw MetricSinkError(
                code: error.code.rawValue, message: "\(error)", unsent: isSent ? [] : batch.deltas,
                lostObservations: isSent ? batch.observationCount : 0,
                retryAfter: isSent ? nil : Self.restWhenUnreachable)
        }
        try check(response, to: batch)
    }

    private func check(_ response: Response, to batch: MetricBatch) throws(MetricSinkError) {
        let seen = "\(url): status \(response.status)"
        switch response.status {
        case 200..<300:
            guard let partial = OTLPMetrics.PartialSuccess(response.body), partial.rejected > 0 else { return }
            throw MetricSinkError(
                code: "PartialSuccess",
                message: "\(url): \(partial.rejected) data points were rejected: \(partial.message). "
                    + "Look at the collector's log",
                lostObservations: partial.rejected)
        case 429, 502, 503, 504:
            throw MetricSinkError(
                code: "Status\(response.status)", message: "\(seen). It is asked again later", unsent: batch.deltas,
                retryAfter: retryAfter(response))
        default:
            throw MetricSinkError(
                code: "Status\(response.status)", message: "\(seen). Compare the endpoint and the headers",
                lostObservations: batch.observationCount)
        }
    }

    /// What the collector asks to wait: a number of seconds or a date.
    private func retryAfter(_ response: Response) -> Duration? {
        guard let text = response.headers["Retry-After"] else { return nil }
        if let seconds = Int(text) { return seconds > 0 ? .seconds(min(seconds, 86_400)) : nil }
        return Timestamp(httpDate: text).map {
            .nanoseconds($0.nanosecondsSinceEpoch - wallTime().nanosecondsSinceEpoch)
        }
    }
}
