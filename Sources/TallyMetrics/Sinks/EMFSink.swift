import TallyWire

/// Writes batches in the Embedded Metric Format, for processes outside Lambda whose log CloudWatch reads.
///
/// One document for each namespace and set of dimensions, of at most 100 metrics. A single value is a number, up to 100
/// of a distribution are an array of which CloudWatch makes percentiles, and anything else is a set of count, sum,
/// minimum and maximum. Inside Lambda each invocation has its line without this sink.
public struct EMFSink: MetricSink {
    private let namespace: String
    private let output: LineOutput

    /// Creates a sink.
    ///
    /// - Parameters:
    ///   - namespace: The CloudWatch namespace of metrics that have none of their own.
    ///   - output: Where lines go.
    /// - Throws: ``MetricsConfigurationError`` when CloudWatch would not take the namespace.
    public init(namespace: String = "Tally", output: LineOutput = .standardOutput) throws(MetricsConfigurationError) {
        if let fault = MetricRules.fault(inNamespace: namespace) {
            throw MetricsConfigurationError(variable: "namespace", message: fault)
        }
        self.namespace = namespace
        self.output = output
    }

    /// Writes a batch, all of its lines at once.
    ///
    /// - Parameter batch: What was observed.
    /// - Throws: ``MetricSinkError`` when the output is broken.
    public func export(_ batch: MetricBatch) async throws {
        var lines: [UInt8] = []
        var rest = batch.deltas[...]
        while let first = rest.first {
            // The deltas are in the order of their keys: what belongs into one document stands together.
            var names: Set<String> = []
            let document = rest.prefix(MetricRules.metricLimit).prefix {
                $0.key.namespace == first.key.namespace && $0.key.dimensions == first.key.dimensions
                    && names.insert($0.key.name).inserted
            }
            lines += line(document)
            rest = rest.dropFirst(document.count)
        }
        try output.place(lines, of: batch)
    }

    private func line(_ deltas: ArraySlice<MetricDelta>) -> [UInt8] {
        let dimensions = deltas.first?.key.dimensions ?? []
        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        json.key("_aws")
        json.beginObject()
        json.key("Timestamp")
        json.integer((deltas.first?.end ?? .now()).milliseconds)
        json.key("CloudWatchMetrics")
        json.beginArray()
        json.beginObject()
        json.member("Namespace", deltas.first?.key.namespace ?? namespace)
        json.key("Dimensions")
        json.beginArray()
        json.beginArray()
        for dimension in dimensions { json.string(dimension.name) }
        json.endArray()
        json.endArray()
        json.key("Metrics")
        json.beginArray()
        for delta in deltas { json.metricDefinition(delta.key.name, delta.key.unit) }
        json.endArray()
        json.endObject()
        json.endArray()
        json.endObject()
        for dimension in dimensions { json.member(dimension.name, dimension.value) }
        for delta in deltas {
            json.key(delta.key.name)
            write(delta, to: &json)
        }
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func write(_ delta: MetricDelta, to json: inout JSONWriter) {
        let stats = delta.stats
        guard let minimum = stats.minimum, let maximum = stats.maximum else { return json.null() }
        if stats.count == 1 { return json.number(stats.sum) }
        if delta.key.kind == .distribution, stats.count <= MetricRules.valueLimit {
            json.beginArray()
            for (value, count) in stats.values {
                for _ in 0..<count { json.number(value) }
            }
            json.endArray()
            return
        }
        // Not in the specification, and taken all the same; OpenTelemetry's exporter writes it.
        // https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/awsemfexporter
        json.beginObject()
        json.key("Max")
        json.number(maximum)
        json.key("Min")
        json.number(minimum)
        json.key("Count")
        json.integer(stats.count)
        json.key("Sum")
        json.number(stats.sum)
        json.endObject()
    }
}
