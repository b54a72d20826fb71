import TallyWire

@testable import TallyMetrics

/// An instant that tests count from.
let epoch = ContinuousClock.now

func record(
    _ service: Service = .dynamoDB, _ operation: String = "PutItem", on resource: String? = "documents",
    index: String? = nil, models: [ModelName] = [], startedAt start: ContinuousClock.Instant = epoch,
    change: (inout CallRecord) -> Void = { _ in }
) -> CallRecord {
    var record = CallRecord(
        service: service, operation: operation, resource: resource, index: index, models: models, start: start)
    record.attempts = 1
    change(&record)
    return record
}

extension CallRecord {
    /// A call with any figures, on one of a few rows.
    static func random(using generator: inout some RandomNumberGenerator) -> CallRecord {
        let services: [Service] = [.dynamoDB, .kms, .s3]
        let service = services[Int.random(in: 0..<3, using: &generator)]
        let operation = ["GetItem", "PutItem", "Decrypt"][Int.random(in: 0..<3, using: &generator)]
        var call = record(service, operation, on: Bool.random(using: &generator) ? "a" : nil)
        call.duration = .nanoseconds(Int.random(in: 0...1_000_000, using: &generator))
        call.retryDelay = .nanoseconds(Int.random(in: 0...1_000_000, using: &generator))
        call.attempts = Int.random(in: 0...4, using: &generator)
        call.throttles = Int.random(in: 0...2, using: &generator)
        call.outcome = [.success, .conditionalFailure, .error][Int.random(in: 0..<3, using: &generator)]
        call.bytesUploaded = Int.random(in: 0...1000, using: &generator)
        call.bytesDownloaded = Int.random(in: 0...1000, using: &generator)
        call.bytesResent = Int.random(in: 0...1000, using: &generator)
        call.readUnits = Bool.random(using: &generator) ? Double(Int.random(in: 0...99, using: &generator)) / 2 : nil
        call.writeUnits = Bool.random(using: &generator) ? Double(Int.random(in: 0...99, using: &generator)) : nil
        call.itemCount = Bool.random(using: &generator) ? Int.random(in: 0...9, using: &generator) : nil
        call.scannedCount = Bool.random(using: &generator) ? Int.random(in: 0...9, using: &generator) : nil
        return call
    }
}

extension MetricsSnapshot {
    static func random(using generator: inout some RandomNumberGenerator) -> MetricsSnapshot {
        let rows = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
            let call = CallRecord.random(using: &generator)
            let key = OperationKey(service: call.service, operation: call.operation, resource: call.resource)
            var row = OperationTotals(key: key, totals: CallTotals())
            let end = Timestamp(milliseconds: .random(in: 0...99, using: &generator))
            row.add(CallEntry(call, prices: .usEast1, end: end))
            return row
        }
        var snapshot = MetricsSnapshot(
            operations: rows, awsWaitTime: .nanoseconds(Int.random(in: 0...1_000_000, using: &generator)),
            kmsCacheHits: Int.random(in: 0...5, using: &generator))
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            let name: StatisticName = [.saveEncode, .getDecode, "own"][Int.random(in: 0..<3, using: &generator)]
            snapshot.localWork.add(Int.random(in: 0...9, using: &generator), to: name)
            snapshot.localWork.note(Int.random(in: -9...9, using: &generator), of: name)
            var times = TimeStats()
            let end = Timestamp(milliseconds: .random(in: 0...9, using: &generator))
            times.add(.nanoseconds(Int.random(in: 0...999, using: &generator)), at: end)
            snapshot.localWork.add(times, to: name)
        }
        return snapshot
    }
}
