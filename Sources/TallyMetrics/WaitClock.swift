import TallyWire

/// The time during which at least one interval was open: the union of intervals, in constant space.
struct WaitClock: Sendable {
    private var open = 0
    private var openSince: Moment?
    private var lastEnd: Moment?
    private var closed: Int64 = 0

    mutating func begin(at moment: Moment) {
        if open == 0 {
            openSince = moment
        }
        open += 1
    }

    /// Ends an interval.
    ///
    /// One that was never begun counts from `start`, less what is counted already.
    mutating func end(startedAt start: Moment, at moment: Moment) {
        if open == 0 {
            begin(at: max(start, lastEnd ?? start))
        }
        open -= 1
        guard open == 0, let since = openSince else { return }
        closed = closed.clampedSum(with: max(0, since.nanoseconds(to: moment)))
        openSince = nil
        lastEnd = moment
    }

    /// Starts again from zero; intervals that are open count from now on.
    mutating func reset(at moment: Moment) {
        closed = 0
        lastEnd = moment
        if openSince != nil {
            openSince = moment
        }
    }

    /// The union until now, open intervals included.
    func total(at moment: Moment) -> Duration {
        let running = openSince.map { max(0, $0.nanoseconds(to: moment)) } ?? 0
        return .nanoseconds(closed.clampedSum(with: running))
    }
}
