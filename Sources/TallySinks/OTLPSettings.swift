import TallyHTTP
import TallyMetrics
import TallyWire

/// What the variables of OpenTelemetry and Lambda say of an exporter.
struct OTLPSettings {
    let url: String
    let headers: Headers
    let resource: [(name: String, value: String)]

    init(_ environment: (String) -> String?) throws(MetricsConfigurationError) {
        func first(_ names: String...) -> (name: String, value: String)? {
            for name in names {
                if let value = environment(name), !value.isEmpty { return (name, value) }
            }
            return nil
        }
        if let (name, value) = first("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") {
            url = try Self.checked(value, from: name)
        } else {
            let (name, value) =
                first("OTEL_EXPORTER_OTLP_ENDPOINT") ?? ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")
            let base = try Self.checked(value, from: name)
            url = base + (base.hasSuffix("/") ? "v1/metrics" : "/v1/metrics")
        }
        let headers = first("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS")
        self.headers =
            try headers.map { (entry) throws(MetricsConfigurationError) in
                try Self.headers(in: entry.value, from: entry.name)
            } ?? Headers()

        let attributes = [
            ("service.name", first("OTEL_SERVICE_NAME", "TALLY_SERVICE", "AWS_LAMBDA_FUNCTION_NAME")),
            ("faas.name", first("AWS_LAMBDA_FUNCTION_NAME")), ("faas.version", first("AWS_LAMBDA_FUNCTION_VERSION")),
            ("cloud.region", first("AWS_REGION", "AWS_DEFAULT_REGION")),
        ]
        var resource: [(name: String, value: String)] = []
        for (name, entry) in attributes {
            guard let entry else { continue }
            resource.append((name, entry.value))
        }
        self.resource = resource
    }

    private static func checked(_ url: String, from variable: String) throws(MetricsConfigurationError) -> String {
        guard url.hasPrefix("http://") || url.hasPrefix("https://"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw MetricsConfigurationError(
                variable: variable, message: "\"\(url)\" is no URL. Set it to one such as http://localhost:4318.")
        }
        return url
    }

    // Names and values as in W3C baggage: comma-separated, values percent-encoded.
    private static func headers(in text: String, from variable: String) throws(MetricsConfigurationError) -> Headers {
        var headers = Headers()
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !trimmed(parts[0]).isEmpty, let value = PercentEncoding.decode(trimmed(parts[1]))
            else {
                // Not quoted: it is likely to be a key.
                throw MetricsConfigurationError(
                    variable: variable, message: "has an entry that is no name and value. Write them as name=value,….")
            }
            headers.add(trimmed(parts[0]), value)
        }
        return headers
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
