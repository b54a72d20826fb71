import TallyMetrics
import TallyWire

/// The requests that publish a batch, each within CloudWatch's limits.
enum PutMetricData {
    struct Request {
        let deltas: [MetricDelta]
        let body: [UInt8]
    }

    /// Metrics of one request.
    private static let metricLimit = 1_000
    /// Bytes of one request: 1 MB less what surrounds the metrics.
    private static let byteLimit = 1_000_000 - 1_024
    /// Values of one metric in one request.
    private static let valueLimit = 150

    /// Splits a batch.
    ///
    /// - Parameters:
    ///   - batch: What was observed.
    ///   - namespace: The namespace of metrics that have none of their own; a request has one.
    /// - Returns: The requests in the order of the batch.
    static func requests(of batch: MetricBatch, namespace: String) -> [Request] {
        var requests: [Request] = []
        var (deltas, data): ([MetricDelta], [[UInt8]]) = ([], [])
        var size = 0
        func finish() {
            guard let first = deltas.first else { return }
            requests.append(Request(deltas: deltas, body: body(data, namespace: first.key.namespace ?? namespace)))
            (deltas, data, size) = ([], [], 0)
        }
        for delta in batch.deltas {
            let added = Self.data(delta)
            let addedSize = added.reduce(0) { $0 + $1.count + 1 }
            if deltas.last.map({ $0.key.namespace != delta.key.namespace }) == true
                || data.count + added.count > metricLimit || size + addedSize > byteLimit
            {
                finish()
            }
            deltas.append(delta)
            data += added
            size += addedSize
        }
        finish()
        return requests
    }

    private static func body(_ data: [[UInt8]], namespace: String) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        json.key("Namespace")
        json.string(namespace)
        json.key("MetricData")
        json.beginArray()
        for datum in data { json.raw(datum) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// The data of one metric: more than one where it has more values than one can hold.
    private static func data(_ delta: MetricDelta) -> [[UInt8]] {
        guard delta.key.kind == .distribution else {
            return [datum(delta) { json in writeStatistics(delta.stats, to: &json) }]
        }
        var rest = delta.stats.values[...]
        var data: [[UInt8]] = []
        while !rest.isEmpty {
            let values = rest.prefix(valueLimit)
            data.append(
                datum(delta) { json in
                    json.key("Values")
                    json.beginArray()
                    for (value, _) in values { json.number(value) }
                    json.endArray()
                    json.key("Counts")
                    json.beginArray()
                    for (_, count) in values { json.integer(count) }
                    json.endArray()
                })
            rest = rest.dropFirst(valueLimit)
        }
        return data
    }

    private static func datum(_ delta: MetricDelta, _ writeValues: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.key("MetricName")
        json.string(delta.key.name)
        json.key("Dimensions")
        json.beginArray()
        for dimension in delta.key.dimensions {
            json.beginObject()
            json.key("Name")
            json.string(dimension.name)
            json.key("Value")
            json.string(dimension.value)
            json.endObject()
        }
        json.endArray()
        json.key("Timestamp")
        json.integer(delta.end.milliseconds / 1000)
        json.key("Unit")
        json.string(delta.key.unit.rawValue)
        writeValues(&json)
        json.endObject()
        return json.bytes
    }

    private static func writeStatistics(_ stats: ValueStats, to json: inout JSONWriter) {
        json.key("StatisticValues")
        json.beginObject()
        json.key("SampleCount")
        json.integer(stats.count)
        json.key("Sum")
        json.number(stats.sum)
        json.key("Minimum")
        json.number(stats.minimum ?? 0)
        json.key("Maximum")
        json.number(stats.maximum ?? 0)
        json.endObject()
    }
}
