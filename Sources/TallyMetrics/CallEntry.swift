import TallyWire

/// One call as ledgers take it: priced, and with the time of day at which it ended.
struct CallEntry {
    let totals: CallTotals
    /// The time on the wire.
    let nanoseconds: Int64
    /// To the millisecond.
    let end: Timestamp
    let failure: CallFailure?

    init(_ record: borrowing CallRecord, prices: borrowing PriceBook, end: Timestamp) {
        totals = CallTotals(record, prices: prices)
        nanoseconds = totals.duration.wholeNanoseconds
        self.end = end.wholeMilliseconds
        failure =
            record.outcome == .error
            ? CallFailure(code: record.errorCode, requestID: record.requestID, time: end) : nil
    }
}
