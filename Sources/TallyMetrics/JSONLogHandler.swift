import TallyWire

/// Writes each line of the log as one JSON object, as Lambda and Logs Insights read it.
///
///     {"timestamp":"2026-11-21T01:02:03.004Z","level":"INFO","message":"saved","service":"orders","requestId":"989ffbf8…"}
public struct JSONLogHandler: LogHandler {
    private let output: LineOutput

    /// Creates a handler.
    ///
    /// - Parameter output: Where lines go.
    public init(output: LineOutput = .standardOutput) {
        self.output = output
    }

    /// Writes the line.
    public func handle(_ entry: LogEntry) {
        var json = JSONWriter()
        json.beginObject()
        json.key("timestamp")
        json.string(entry.timestamp.iso8601)
        json.key("level")
        json.string(entry.level.rawValue)
        json.key("message")
        json.string(entry.message)
        json.member("service", entry.service)
        json.member("requestId", entry.invocation.requestID)
        json.member("traceId", entry.invocation.traceID)
        json.member("tenantId", entry.invocation.tenantID)
        if entry.isColdStart {
            json.key("coldStart")
            json.bool(true)
        }
        write(entry.metadata, to: &json)
        json.endObject()
        json.endLine()
        output.write(json.bytes)
    }

    private func write(_ metadata: [(name: String, value: any LogValue)], to json: inout JSONWriter) {
        let members = metadata.map { (name: Self.writtenName($0.name), value: $0.value) }
        for (position, member) in members.enumerated() {
            // A name twice in one object is read differently by each reader.
            let isRepeated = members[(position + 1)...].contains { $0.name == member.name }
            guard !isRepeated else { continue }
            json.key(member.name)
            member.value.write(to: &json)
        }
    }

    private static func writtenName(_ name: String) -> String {
        Logger.reservedNames.contains(name) ? "metadata_\(name)" : name
    }
}
