import TallyWire

/// The values of one metric that go into one document.
struct EMFChunk {
    /// 0 for the first values of a metric, 1 for the next.
    private let round: Int
    /// The definition in the directive, as JSON.
    let definition: [UInt8]
    /// Name and value or values, as a member of the root.
    let member: [UInt8]

    private init(_ metric: MetricDocument.Metric, round: Int) {
        var json = JSONWriter()
        json.metricDefinition(metric.name, metric.unit, metric.resolution)
        definition = json.bytes

        json.reset()
        json.key(metric.name)
        let values = metric.values.dropFirst(round * MetricRules.valueLimit).prefix(MetricRules.valueLimit)
        if let value = values.first, values.count == 1 {
            json.number(value)
        } else {
            json.beginArray()
            for value in values { json.number(value) }
            json.endArray()
        }
        member = json.bytes
        self.round = round
    }

    /// All values of all metrics: the first hundred of each in the order of the metrics, then the next hundred.
    static func chunks(of metrics: [MetricDocument.Metric]) -> [EMFChunk] {
        var chunks: [EMFChunk] = []
        var open = metrics
        var round = 0
        while !open.isEmpty {
            for metric in open { chunks.append(EMFChunk(metric, round: round)) }
            round += 1
            open.removeAll { $0.values.count <= round * MetricRules.valueLimit }
        }
        return chunks
    }

    /// How many chunks, from the first on, go into one document, in which no metric can be twice.
    static func fitting(_ chunks: ArraySlice<EMFChunk>, metrics: Int, byteCount: Int) -> Int {
        var count = 0
        var room = byteCount
        for chunk in chunks.prefix(max(0, metrics)) {
            // Two commas.
            room -= chunk.definition.count + chunk.member.count + 2
            guard chunk.round == chunks.first?.round, room >= 0 else { break }
            count += 1
        }
        return count
    }
}
