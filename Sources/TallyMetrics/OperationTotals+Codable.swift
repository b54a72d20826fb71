import TallyWire

extension OperationTotals: Codable {
    private enum Member: String, CodingKey {
        case service, operation, resource, index, calls, attempts, retries, throttles, errors, times
        case duration = "duration_ms"
        case retryDelay = "retry_delay_ms"
        case conditionalFailures = "conditional_failures"
        case readUnits = "rcu"
        case writeUnits = "wcu"
        case itemCount = "item_count"
        case scannedCount = "scanned_count"
        case bytesUploaded = "bytes_uploaded"
        case bytesDownloaded = "bytes_downloaded"
        case bytesResent = "bytes_resent"
        case cost = "cost_pico_usd"
        case recentErrors = "recent_errors"
    }

    /// Encodes an object with the key's parts, the sums, the spread of times and the last failures.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Member.self)
        try object.encode(key.service.rawValue, forKey: .service)
        try object.encode(key.operation, forKey: .operation)
        try object.encodeIfPresent(key.resource, forKey: .resource)
        try object.encodeIfPresent(key.index, forKey: .index)
        try object.encode(totals.calls, forKey: .calls)
        try object.encode(totals.duration.milliseconds, forKey: .duration)
        try object.encode(totals.attempts, forKey: .attempts)
        try object.encode(totals.retries, forKey: .retries)
        try object.encode(totals.retryDelay.milliseconds, forKey: .retryDelay)
        try object.encode(totals.throttles, forKey: .throttles)
        try object.encode(totals.errors, forKey: .errors)
        try object.encode(totals.conditionalFailures, forKey: .conditionalFailures)
        try object.encodeIfPresent(totals.readUnits, forKey: .readUnits)
        try object.encodeIfPresent(totals.writeUnits, forKey: .writeUnits)
        try object.encodeIfPresent(totals.itemCount, forKey: .itemCount)
        try object.encodeIfPresent(totals.scannedCount, forKey: .scannedCount)
        try object.encode(totals.bytesUploaded, forKey: .bytesUploaded)
        try object.encode(totals.bytesDownloaded, forKey: .bytesDownloaded)
        try object.encode(totals.bytesResent, forKey: .bytesResent)
        try object.encode(totals.picoUSD, forKey: .cost)
        try object.encode(times, forKey: .times)
        try object.encode(recentErrors, forKey: .recentErrors)
    }

    /// Decodes what was encoded.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError` when it is no row.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Member.self)
        let key = OperationKey(
            service: Service(rawValue: try object.decode(String.self, forKey: .service)),
            operation: try object.decode(String.self, forKey: .operation),
            resource: try object.decodeIfPresent(String.self, forKey: .resource),
            index: try object.decodeIfPresent(String.self, forKey: .index))
        var totals = CallTotals()
        totals.calls = try object.decode(Int.self, forKey: .calls)
        totals.duration = Duration(milliseconds: try object.decode(Double.self, forKey: .duration))
        totals.attempts = try object.decode(Int.self, forKey: .attempts)
        totals.retries = try object.decode(Int.self, forKey: .retries)
        totals.retryDelay = Duration(milliseconds: try object.decode(Double.self, forKey: .retryDelay))
        totals.throttles = try object.decode(Int.self, forKey: .throttles)
        totals.errors = try object.decode(Int.self, forKey: .errors)
        totals.conditionalFailures = try object.decode(Int.self, forKey: .conditionalFailures)
        totals.readUnits = try object.decodeIfPresent(Double.self, forKey: .readUnits)
        totals.writeUnits = try object.decodeIfPresent(Double.self, forKey: .writeUnits)
        totals.itemCount = try object.decodeIfPresent(Int.self, forKey: .itemCount)
        totals.scannedCount = try object.decodeIfPresent(Int.self, forKey: .scannedCount)
        totals.bytesUploaded = try object.decode(Int.self, forKey: .bytesUploaded)
        totals.bytesDownloaded = try object.decode(Int.self, forKey: .bytesDownloaded)
        totals.bytesResent = try object.decode(Int.self, forKey: .bytesResent)
        totals.picoUSD = try object.decode(Int.self, forKey: .cost)
        self.init(
            key: key, totals: totals, times: try object.decode(TimeStats.self, forKey: .times),
            recentErrors: try object.decode([CallFailure].self, forKey: .recentErrors))
    }
}

extension CallFailure: Codable {
    private enum Member: String, CodingKey {
        case code
        case requestID = "request_id"
        case time = "time_ms"
    }

    /// Encodes code, request id and the milliseconds since 1970.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Member.self)
        try object.encodeIfPresent(code, forKey: .code)
        try object.encodeIfPresent(requestID, forKey: .requestID)
        try object.encode(time.milliseconds, forKey: .time)
    }

    /// Decodes what was encoded.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError` when it is no failure.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Member.self)
        self.init(
            code: try object.decodeIfPresent(String.self, forKey: .code),
            requestID: try object.decodeIfPresent(String.self, forKey: .requestID),
            time: Timestamp(milliseconds: try object.decode(Int64.self, forKey: .time)))
    }
}
