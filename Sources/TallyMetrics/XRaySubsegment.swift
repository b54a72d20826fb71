import TallyWire

/// One call as X-Ray wants to know of it: a subsegment that is sent by itself.
///
/// Nothing of a call's content is in it: names, ids, sizes and codes.
///
/// Source: <https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html>
struct XRaySubsegment {
    private let record: CallRecord
    private let id: String
    private let trace: TraceContext
    private let start: Timestamp
    private let end: Timestamp

    /// Describes a call that ended at `endMoment`, which was `end` on the wall clock.
    init(_ record: CallRecord, id: String, trace: TraceContext, end: Timestamp, endMoment: Moment) {
        self.record = record
        self.id = id
        self.trace = trace
        self.end = end
        start = end.advanced(byNanoseconds: -max(0, record.beginning.nanoseconds(to: endMoment)))
    }

    /// A subsegment's id: 64 bits in 16 hexadecimal digits, unique among those of a trace.
    static func randomID() -> String {
        text(.random(in: 1...UInt64.max))
    }

    /// The JSON document, of at most a few of the 64 kB that a datagram to the daemon may have.
    var json: [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.bounded("name", record.service.rawValue, upTo: 200)
        json.bounded("id", id)
        json.bounded("trace_id", trace.root)
        json.bounded("parent_id", trace.parent)
        json.bounded("type", "subsegment")
        json.seconds("start_time", start)
        json.seconds("end_time", end)
        json.bounded("namespace", "aws")
        writeResource(to: &json)
        writeResponse(to: &json)
        writeErrors(to: &json)
        json.endObject()
        return json.bytes
    }

    private func writeResource(to json: inout JSONWriter) {
        json.key("aws")
        json.beginObject()
        json.bounded("operation", record.operation)
        json.bounded("region", record.region)
        json.bounded("request_id", record.requestID)
        switch record.service {
        case .dynamoDB: json.bounded("table_name", record.resource)
        case .s3: json.bounded("bucket_name", record.resource)
        case .kms: json.bounded("key_id", record.resource)
        default: break
        }
        json.key("retries")
        json.integer(record.retries)
        json.endObject()
    }

    private func writeResponse(to json: inout JSONWriter) {
        guard let status = record.status else { return }
        json.key("http")
        json.beginObject()
        json.key("response")
        json.beginObject()
        json.key("status")
        json.integer(status)
        // Only what the record knows: the content of objects is counted, that of other answers is not.
        if record.bytesDownloaded > 0 {
            json.key("content_length")
            json.integer(record.bytesDownloaded)
        }
        json.endObject()
        json.endObject()
    }

    private func writeErrors(to json: inout JSONWriter) {
        if record.throttles > 0 || record.status == 429 { json.flag("throttle") }
        guard record.outcome == .error else { return }

        let isClientError = record.status.map { (400..<500).contains($0) } ?? false
        json.flag(isClientError ? "error" : "fault")
        guard let code = record.errorCode else { return }
        json.key("cause")
        json.beginObject()
        json.key("exceptions")
        json.beginArray()
        json.beginObject()
        json.bounded("id", exceptionID)
        // Without the message, which may quote what the call was made with.
        json.bounded("type", code)
        if record.status != nil { json.flag("remote") }
        json.endObject()
        json.endArray()
        json.endObject()
    }

    /// An id as good as the subsegment's, and another.
    private var exceptionID: String {
        Self.text(~(UInt64(id, radix: 16) ?? 0))
    }

    private static func text(_ id: UInt64) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension JSONWriter {
    // X-Ray refuses a document with a longer string; in scalars, since a character may have any number of them.
    fileprivate mutating func bounded(_ name: String, _ value: String?, upTo limit: Int = 250) {
        guard let value else { return }
        key(name)
        string(String(value.unicodeScalars.prefix(limit)))
    }

    /// Writes a time in seconds, to the microsecond.
    fileprivate mutating func seconds(_ name: String, _ time: Timestamp) {
        let microseconds = time.nanosecondsSinceEpoch / 1000
        let fraction = String(microseconds % 1_000_000 + 1_000_000).dropFirst()
        key(name)
        number(text: "\(microseconds / 1_000_000).\(fraction)")
    }

    fileprivate mutating func flag(_ name: String) {
        key(name)
        bool(true)
    }
}
