import CTally
import TallyWire

/// Lines of processes that end before their handler does. C fills in what stands for a field, since no Swift can run
/// then.
extension EMFLine {
    /// The line of an invocation that a crash or `exit` ends.
    ///
    /// It has what C can know: who, how long, and the calls of three services. What it cannot know is absent, not 0.
    func endingTemplate(isFirst: Bool) -> [UInt8] {
        var figures: [(name: MetricName, field: tally_field?)] = [
            (.handlerDuration, TALLY_FIELD_HANDLER_DURATION), (.handlerErrors, nil),
            (.coldStart, TALLY_FIELD_COLD_START),
        ]
        if isFirst { figures.append((.initDuration, TALLY_FIELD_INIT_DURATION)) }
        figures.append((.remainingTime, TALLY_FIELD_REMAINING_TIME))
        let names: [(MetricName, MetricName)] = [
            (.dynamoDBDuration, .dynamoDBOperations), (.kmsDuration, .kmsCalls), (.s3Duration, .s3Calls),
        ]
        for (index, (duration, calls)) in names.enumerated() {
            let field = TALLY_FIELD_FIRST_SERVICE.rawValue + 2 * UInt32(index)
            figures.append((duration, tally_field(field)))
            figures.append((calls, tally_field(field + 1)))
        }

        var json = JSONWriter(capacity: 2048)
        json.beginObject()
        if configuration.extraction == .on { writeMetadata(figures.map(\.name), to: &json) }
        writeIdentity(to: &json)
        json.member("outcome", TALLY_FIELD_OUTCOME)
        json.member("errorType", TALLY_FIELD_CAUSE)
        for figure in figures {
            json.key(figure.name.rawValue)
            json.raw(figure.field.map { [$0.byte] } ?? Array("1".utf8))
        }
        json.endObject()
        json.endLine()
        return json.bytes
    }

    /// The log line of an invocation that `exit` ends; empty where such lines are not logged.
    var exitMessageTemplate: [UInt8] {
        guard configuration.logLevel <= .error else { return [] }
        var json = JSONWriter()
        json.beginObject()
        json.member("timestamp", TALLY_FIELD_ISO_TIMESTAMP)
        json.member("level", LogLevel.error.rawValue)
        json.key("message")
        let message = " was called before the invocation was answered. Throw an error instead"
        json.raw(TALLY_FIELD_CAUSE.text.dropLast() + Array("\(message)\"".utf8))
        json.member("requestId", TALLY_FIELD_REQUEST)
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func writeMetadata(_ names: [MetricName], to json: inout JSONWriter) {
        json.key("_aws")
        json.beginObject()
        json.key("Timestamp")
        json.raw([TALLY_FIELD_TIMESTAMP.byte])
        json.key("CloudWatchMetrics")
        json.beginArray()
        var definitions = JSONWriter()
        definitions.beginArray()
        for metric in EMFCatalogue.metrics where names.contains(metric.name) { definitions.raw(metric.definition) }
        definitions.endArray()
        write(directive, definitions.bytes, to: &json)
        endMetadata(to: &json)
    }

    private func writeIdentity(to json: inout JSONWriter) {
        json.member("service", configuration.service)
        for dimension in configuration.dimensions {
            json.member(dimension.name, dimension.value)
        }
        if configuration.logFormat == .json {
            json.member("level", configuration.logLevel.rawValue)
            json.member("timestamp", TALLY_FIELD_ISO_TIMESTAMP)
        }
        json.member("functionName", configuration.functionName)
        json.member("functionVersion", configuration.functionVersion)
        json.key("requestId")
        // Behind the text come whole members, where there are any.
        json.raw(TALLY_FIELD_REQUEST.text + [TALLY_FIELD_TRACE_AND_TENANT.byte])
    }
}

extension tally_field {
    fileprivate var byte: UInt8 { UInt8(rawValue) }
    fileprivate var text: [UInt8] { [UInt8(ascii: "\""), byte, UInt8(ascii: "\"")] }
}

extension JSONWriter {
    /// A member whose value is a string.
    fileprivate mutating func member(_ name: String, _ field: tally_field) {
        key(name)
        raw(field.text)
    }
}
