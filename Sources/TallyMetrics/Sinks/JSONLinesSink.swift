import TallyWire

/// Writes each metric of a batch as a line of JSON.
///
///     {"metric":"PickingTime","unit":"Milliseconds","dimensions":{"service":"shop"},"start":"…","end":"…",
///      "count":3,"sum":37.5,"min":10,"max":15,"p50":12.5,"p90":15,"p99":15}
public struct JSONLinesSink: MetricSink {
    private let output: LineOutput

    /// Creates a sink.
    ///
    /// - Parameter output: Where lines go.
    public init(output: LineOutput = .standardOutput) {
        self.output = output
    }

    /// Writes a batch, all of its lines at once.
    ///
    /// - Parameter batch: What was observed.
    /// - Throws: ``MetricSinkError`` when the output is broken.
    public func export(_ batch: MetricBatch) async throws {
        var lines: [UInt8] = []
        for delta in batch.deltas { lines += Self.line(delta) }
        try output.place(lines, of: batch)
    }

    static func line(_ delta: MetricDelta) -> [UInt8] {
        let stats = delta.stats
        var json = JSONWriter()
        json.beginObject()
        json.member("metric", delta.key.name)
        json.member("unit", delta.key.unit.rawValue)
        json.member("namespace", delta.key.namespace)
        json.key("dimensions")
        json.beginObject()
        for dimension in delta.key.dimensions { json.member(dimension.name, dimension.value) }
        json.endObject()
        json.member("start", delta.start.iso8601)
        json.member("end", delta.end.iso8601)
        json.member("count", stats.count)
        json.key("sum")
        json.number(stats.sum)
        let figures: [(String, Double?)] = [
            ("min", stats.minimum), ("max", stats.maximum), ("p50", stats.percentile(50)),
            ("p90", stats.percentile(90)), ("p99", stats.percentile(99)),
        ]
        // What is not known is absent: JSON has no infinity for the minimum of nothing.
        for (name, figure) in figures {
            guard let figure else { continue }
            json.key(name)
            json.number(figure)
        }
        json.endObject()
        json.endLine()
        return json.bytes
    }
}

extension LineOutput {
    /// Writes lines of a batch.
    ///
    /// - Parameters:
    ///   - lines: The lines.
    ///   - batch: What they tell.
    /// - Throws: ``MetricSinkError`` when they could not all be written; some of them may have been.
    package func place(_ lines: [UInt8], of batch: MetricBatch) throws(MetricSinkError) {
        guard !write(lines) else { return }
        throw MetricSinkError(
            code: "BrokenOutput", message: "the lines could not be written. Look at who reads the output",
            lostObservations: batch.observationCount)
    }
}
