public import TallyWire

extension MetricsSnapshot: LogValue {
    /// Writes one object with the figures by their names in JSON; what is not known is left out.
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("is_recorded")
        json.bool(isRecorded)
        for figure in isRecorded ? SnapshotFigure.all : [] {
            guard let value = figure.value(self) else { continue }
            json.key(figure.name)
            switch value {
            case .count(let count): json.integer(count)
            case .number(let number): json.number(number)
            case .duration(let duration): json.milliseconds(duration)
            }
        }
        json.endObject()
    }
}
