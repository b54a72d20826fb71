import TallyMetrics

/// What one invocation's calls came to: as the server counted them, or as its scope did.
struct InvocationFigures: Codable, Equatable {
    var requests = 0
    var calls = 0
    var bytesUploaded = 0
    var bytesDownloaded = 0
    var readUnits = 0.0
    var writeUnits = 0.0
}

extension InvocationFigures {
    /// What a scope has recorded.
    init(_ metrics: MetricsSnapshot) {
        for row in metrics.operations {
            requests += row.totals.attempts
            calls += row.totals.calls
        }
        bytesUploaded = metrics.s3BytesUploaded
        bytesDownloaded = metrics.s3BytesDownloaded
        readUnits = metrics.readUnits ?? 0
        writeUnits = metrics.writeUnits ?? 0
    }

    /// Counts a request.
    mutating func count(isFirst: Bool) {
        requests += 1
        calls += isFirst ? 1 : 0
    }

    /// Counts an answer.
    mutating func count(_ request: RequestHead, bytesSent: Int, isAccepted: Bool) {
        bytesDownloaded += bytesSent
        guard isAccepted else { return }
        switch request.operation {
        case "PutObject": bytesUploaded += request.contentLength
        case "GetItem", "Query": readUnits += 0.5
        case "PutItem", "UpdateItem": writeUnits += 0.5
        default: break
        }
    }
}
