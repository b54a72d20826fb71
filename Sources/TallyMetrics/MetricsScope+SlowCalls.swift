import Synchronization
import TallyWire

extension MetricsScope {
    /// Lines of one invocation: what is beyond is counted, since a slow service makes many calls slow.
    private static let slowCallLines = 20

    /// Tells the log of a call that took long, and of one that read much more than it returned.
    func warn(of record: CallRecord, endedAt end: Moment) {
        if let scanned = record.scannedCount, scanned >= 100 { warnOfScan(record, scanned) }
        guard let slowCallThreshold else { return }
        ModelOperation.current?.add(record, endedAt: end)
        let nanoseconds = record.beginning.nanoseconds(to: end)
        guard nanoseconds >= slowCallThreshold, takeSlowCallLine() else { return }
        let elapsed = Duration.nanoseconds(nanoseconds)

        // In one place, so that a field is either on the line or not, and never empty.
        var fields: [(String, any LogValue)] = [
            ("dependency", record.service.rawValue), ("operation", record.operation),
            ("durationMs", elapsed.roundedMilliseconds), ("attempts", record.attempts),
            ("wireMs", record.duration.roundedMilliseconds), ("retryDelayMs", record.retryDelay.roundedMilliseconds),
        ]
        let rest = elapsed - record.duration - record.retryDelay
        // Signing, waiting for a turn on the thread, and whoever read a stream slowly.
        fields.append(("localMs", max(.zero, rest).roundedMilliseconds))
        if let resource = record.resource { fields.append((Self.resourceName(of: record.service), resource)) }
        if let index = record.index { fields.append(("index", index)) }
        if let status = record.status { fields.append(("status", status)) }
        if let code = record.errorCode { fields.append(("errorCode", code)) }
        if let id = record.requestID { fields.append(("awsRequestId", id)) }
        processLogger.warning("a slow call", fields: fields)
    }

    /// Counts a slow call, in the scopes around as well.
    ///
    /// - Returns: Whether there is a line left for it.
    func takeSlowCallLine() -> Bool {
        _ = parent?.takeSlowCallLine()
        return slowCalls.wrappingAdd(1, ordering: .relaxed).newValue <= Self.slowCallLines
    }

    /// Calls and operations of models so far that took as long as the threshold.
    package var slowCallCount: Int { slowCalls.load(ordering: .relaxed) }

    private static func resourceName(of service: Service) -> String {
        switch service {
        case .dynamoDB: "table"
        case .s3: "bucket"
        case .kms: "key"
        default: "resource"
        }
    }

    // MARK: - Reading much for little

    // For the process; task-local only so that a test can have its own.
    @TaskLocal static var wastefulReads = RefusalLog()

    private func warnOfScan(_ record: CallRecord, _ scanned: Int) {
        guard let returned = record.itemCount, scanned > 10 * returned else { return }
        let table = record.resource ?? DetailTuple.other
        guard Self.wastefulReads.isFirst(of: "\(record.operation) \(table)") else { return }
        var fields: [(String, any LogValue)] = [
            ("operation", record.operation), ("table", table), ("scanned", scanned), ("returned", returned),
        ]
        if let index = record.index { fields.append(("index", index)) }
        if let units = record.readUnits { fields.append(("readUnits", units)) }
        processLogger.warning(
            "a \(record.operation) read \(scanned) items and returned \(returned). All that are read are paid for: a "
                + "filter drops items afterwards. Put the condition into the key, or into the key of an index.",
            fields: fields)
    }
}
