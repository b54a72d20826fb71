public import TallyMetrics
import TallyWire

/// Writes metrics as the log lines of which Datadog's Forwarder makes distributions.
///
///     {"m":"tally.HandlerDuration","v":12.5,"e":1795219143,"t":["service:orders"]}
///
/// A counter is one point, the sum; a gauge is one, the last; each observation of a distribution is a point of its own,
/// up to 1,000 in a batch, beyond which they count as lost. Observations that are alike are told as their mean, at most
/// 6.25 % off. In Lambda, where each invocation is a batch, nearly all points are exact.
///
/// Source: <https://docs.datadoghq.com/serverless/aws_lambda/metrics/>
public struct DatadogSink: MetricSink {
    /// Points of one distribution in one batch.
    static let pointLimit = 1_000

    private let prefix: String
    private let output: LineOutput

    /// Creates a sink.
    ///
    /// - Parameters:
    ///   - prefix: What all names begin with.
    ///   - output: Where lines go.
    public init(prefix: String = "tally.", output: LineOutput = .standardOutput) {
        self.prefix = prefix
        self.output = output
    }

    /// Writes a batch, all of its lines at once.
    ///
    /// - Parameter batch: What was observed.
    /// - Throws: ``MetricSinkError`` when the output is broken, and for points beyond the limit.
    public func export(_ batch: MetricBatch) async throws {
        var lines: [UInt8] = []
        var lost = 0
        for delta in batch.deltas {
            let tail = tail(delta)
            switch delta.key.kind {
            case .counter: lines += line(delta, delta.stats.sum, tail)
            case .gauge: lines += delta.stats.last.map { line(delta, $0, tail) } ?? []
            case .distribution:
                var room = Self.pointLimit
                for (value, count) in delta.stats.values {
                    let line = line(delta, value, tail)
                    for _ in 0..<min(count, room) { lines += line }
                    lost += count - min(count, room)
                    room -= min(count, room)
                }
            }
        }
        try output.place(lines, of: batch)
        guard lost > 0 else { return }
        throw MetricSinkError(
            code: "TooManyPoints",
            message: "a distribution had more than \(Self.pointLimit) observations. Flush more often",
            lostObservations: lost)
    }

    private func line(_ delta: MetricDelta, _ value: Double, _ tail: [UInt8]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("m")
        json.string(prefix + delta.key.name)
        json.key("v")
        json.number(value)
        return json.bytes + tail
    }

    /// What the lines of a metric end with.
    private func tail(_ delta: MetricDelta) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("e")
        json.integer(delta.end.milliseconds / 1000)
        json.key("t")
        json.beginArray()
        for dimension in delta.key.dimensions { json.string("\(dimension.name):\(dimension.value)") }
        json.endArray()
        json.endObject()
        json.endLine()
        return [UInt8(ascii: ",")] + json.bytes.dropFirst()
    }
}
