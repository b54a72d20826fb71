/// The time during which at least one interval was open: the union of intervals, in constant space.
struct WaitClock: Sendable {
    private var open = 0
    private var openSince: ContinuousClock.Instant?
    private var lastEnd: ContinuousClock.Instant?
    private var closed = Duration.zero

    mutating func begin(at instant: ContinuousClock.Instant) {
        if open == 0 {
            openSince = instant
        }
        open += 1
    }

    /// Ends an interval.
    ///
    /// One that was never begun counts from `start`, less what is counted already.
    mutating func end(startedAt start: ContinuousClock.Instant, at instant: ContinuousClock.Instant) {
        if open == 0 {
            begin(at: max(start, lastEnd ?? start))
        }
        open -= 1
        guard open == 0, let since = openSince else { return }
        closed += max(.zero, since.duration(to: instant))
        openSince = nil
        lastEnd = instant
    }

    /// Starts again from zero; intervals that are open count from now on.
    mutating func reset(at instant: ContinuousClock.Instant) {
        closed = .zero
        lastEnd = instant
        if openSince != nil {
            openSince = instant
        }
    }

    /// The union until now, open intervals included.
    func total(at instant: ContinuousClock.Instant) -> Duration {
        guard let openSince else { return closed }
        return closed + max(.zero, openSince.duration(to: instant))
    }
}
