import TallyMetrics
import TallyWire

/// A batch as the message `ExportMetricsServiceRequest` in the JSON mapping of OTLP: names in lowerCamelCase,
/// enumerations as numbers, 64-bit integers as strings.
///
/// Source: <https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding>
enum OTLPMetrics {
    // AGGREGATION_TEMPORALITY_DELTA
    private static let delta = 1
    /// In milliseconds, from an eighth of one to a quarter of an hour.
    private static let bounds = (-3...20).map { Double(sign: .plus, exponent: $0, significand: 1) }

    /// What all points of one metric have in common.
    private struct Identity: Hashable {
        let name: String
        let unit: MetricUnit
        let kind: MetricKind

        init(_ key: MetricKey) {
            (name, unit, kind) = (key.name, key.unit, key.kind)
        }
    }

    static func json(of batch: MetricBatch, resource: [(name: String, value: String)]) -> [UInt8] {
        var json = JSONWriter(capacity: 8192)
        json.beginObject()
        json.beginArray("resourceMetrics")
        json.beginObject()
        json.key("resource")
        json.beginObject()
        json.attributes(resource)
        json.endObject()
        json.beginArray("scopeMetrics")
        json.beginObject()
        json.key("scope")
        json.beginObject()
        json.key("name")
        json.string("tally")
        json.endObject()
        json.beginArray("metrics")
        var series: [Identity: [MetricDelta]] = [:]
        for delta in batch.deltas { series[Identity(delta.key), default: []].append(delta) }
        for (identity, deltas) in series.sorted(by: {
            ($0.key.name, $0.key.unit.rawValue) < ($1.key.name, $1.key.unit.rawValue)
        }) {
            write(identity, deltas, to: &json)
        }
        json.endArray()
        json.endObject()
        json.endArray()
        json.endObject()
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func write(_ identity: Identity, _ deltas: [MetricDelta], to json: inout JSONWriter) {
        json.beginObject()
        json.key("name")
        json.string(identity.name)
        json.key("unit")
        json.string(symbol(of: identity.unit))
        switch identity.kind {
        case .counter:
            json.key("sum")
            json.beginObject()
            json.key("aggregationTemporality")
            json.integer(delta)
            json.key("isMonotonic")
            // A sum that a negative number was added to may fall.
            json.bool(deltas.allSatisfy { ($0.stats.minimum ?? 0) >= 0 })
            points(deltas, to: &json) { delta, json in
                json.key("asDouble")
                json.number(delta.stats.sum)
            }
        case .gauge:
            json.key("gauge")
            json.beginObject()
            points(deltas, to: &json) { delta, json in
                json.key("asDouble")
                json.number(delta.stats.last ?? 0)
            }
        case .distribution:
            json.key("histogram")
            json.beginObject()
            json.key("aggregationTemporality")
            json.integer(delta)
            points(deltas, to: &json) { delta, json in writeHistogram(delta.stats, to: &json) }
        }
        json.endObject()
        json.endObject()
    }

    private static func points(
        _ deltas: [MetricDelta], to json: inout JSONWriter, _ write: (MetricDelta, inout JSONWriter) -> Void
    ) {
        json.beginArray("dataPoints")
        for delta in deltas {
            json.beginObject()
            let namespace = delta.key.namespace.map { [(name: "namespace", value: $0)] } ?? []
            json.attributes(delta.key.dimensions.map { (name: $0.name, value: $0.value) } + namespace)
            json.key("startTimeUnixNano")
            json.string("\(delta.start.nanosecondsSinceEpoch)")
            json.key("timeUnixNano")
            json.string("\(delta.end.nanosecondsSinceEpoch)")
            write(delta, &json)
            json.endObject()
        }
        json.endArray()
    }

    private static func writeHistogram(_ stats: ValueStats, to json: inout JSONWriter) {
        json.key("count")
        json.string("\(stats.count)")
        json.key("sum")
        json.number(stats.sum)
        if let minimum = stats.minimum, let maximum = stats.maximum {
            json.key("min")
            json.number(minimum)
            json.key("max")
            json.number(maximum)
        }
        json.beginArray("bucketCounts")
        for count in stats.counts(bounds: bounds) { json.string("\(count)") }
        json.endArray()
        json.beginArray("explicitBounds")
        for bound in bounds { json.number(bound) }
        json.endArray()
    }

    /// The unit in the notation of UCUM, as OpenTelemetry wants it.
    private static func symbol(of unit: MetricUnit) -> String {
        switch unit {
        case .seconds: "s"
        case .milliseconds: "ms"
        case .microseconds: "us"
        case .bytes: "By"
        case .kilobytes: "KiBy"
        case .megabytes: "MiBy"
        case .gigabytes: "GiBy"
        case .terabytes: "TiBy"
        case .bits: "bit"
        case .percent: "%"
        case .count, .none: "1"
        default: "{\(unit.rawValue)}"
        }
    }
}

extension OTLPMetrics {
    /// What a collector says of a batch that it took only a part of.
    struct PartialSuccess: Equatable {
        var rejected = 0
        var message = ""

        /// Reads a response; `nil` where it says nothing of that.
        init?(_ body: [UInt8]) {
            do throws(JSONError) {
                let partial = try JSONReader.read(body) { (reader: inout JSONReader) throws(JSONError) in
                    try Self.read(&reader)
                }
                guard let partial else { return nil }
                self = partial
            } catch {
                return nil
            }
        }

        private init() {}

        private static func read(_ reader: inout JSONReader) throws(JSONError) -> PartialSuccess? {
            var partial: PartialSuccess?
            try reader.beginObject()
            while let name = try reader.nextMember() {
                guard name == "partialSuccess", try reader.peekKind() == .object else {
                    _ = try reader.skipValue()
                    continue
                }
                var found = PartialSuccess()
                try reader.beginObject()
                while let member = try reader.nextMember() {
                    switch (member, try reader.peekKind()) {
                    // A 64-bit integer is a string in this mapping, and readers take a number as well.
                    case ("rejectedDataPoints", .string): found.rejected = Int(try reader.string()) ?? 0
                    case ("rejectedDataPoints", .number): found.rejected = try reader.integer()
                    case ("errorMessage", .string): found.message = try reader.string()
                    default: _ = try reader.skipValue()
                    }
                }
                partial = found
            }
            return partial
        }
    }
}

extension JSONWriter {
    fileprivate mutating func beginArray(_ name: String) {
        key(name)
        beginArray()
    }

    fileprivate mutating func attributes(_ attributes: [(name: String, value: String)]) {
        beginArray("attributes")
        for (name, value) in attributes {
            beginObject()
            key("key")
            string(name)
            key("value")
            beginObject()
            key("stringValue")
            string(value)
            endObject()
            endObject()
        }
        endArray()
    }
}
