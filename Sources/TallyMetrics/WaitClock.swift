import TallyWire

/// The time during which at least one interval was open: the union of intervals, in constant space.
struct WaitClock: Sendable {
    private var open = 0
    private var openSince: Moment?
    private var lastEnd: Moment?
    private var closed = Duration.zero

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
        closed += max(.zero, since.duration(to: moment))
        openSince = nil
        lastEnd = moment
    }

    /// Starts again from zero; intervals that are open count from now on.
    mutating func reset(at moment: Moment) {
        closed = .zero
        lastEnd = moment
        if openSince != nil {
            openSince = moment
        }
    }

    /// The union until now, open intervals included.
    func total(at moment: Moment) -> Duration {
        guard let openSince else { return closed }
        return closed + max(.zero, openSince.duration(to: moment))
    }
}
