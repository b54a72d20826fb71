import Glibc

/// A moment on the clock that only goes forward, as a number.
///
/// For what is kept and compared on the way of a call: only the standard library knows the layout of a
/// `ContinuousClock.Instant`, so that whatever holds one is copied and destroyed field by field through tables, and its
/// arithmetic has 128 bits.
package struct Moment: Sendable, Hashable, Comparable {
    /// Since the system started; what is centuries away is the first or last there is.
    package let nanoseconds: Int64

    private static let systemStart = ContinuousClock().systemEpoch

    /// Creates a moment.
    ///
    /// - Parameter nanoseconds: Since the system started.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Takes an instant.
    package init(_ instant: ContinuousClock.Instant) {
        nanoseconds = Self.systemStart.duration(to: instant).wholeNanoseconds
    }

    /// Reads the clock, which is the one of `ContinuousClock`.
    package static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The instant.
    package var instant: ContinuousClock.Instant { Self.systemStart + .nanoseconds(nanoseconds) }

    /// The nanoseconds until another moment, negative when that is earlier; at most 292 years.
    package func nanoseconds(to other: Moment) -> Int64 { other.nanoseconds.clampedDifference(to: nanoseconds) }

    /// The time until another moment, negative when that is earlier.
    package func duration(to other: Moment) -> Duration { .nanoseconds(nanoseconds(to: other)) }

    /// The time from now until the moment, negative after it.
    package var timeLeft: Duration { Moment.now.duration(to: self) }

    package static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }

    package static func + (moment: Moment, duration: Duration) -> Moment {
        Moment(nanoseconds: moment.nanoseconds.clampedSum(with: duration.wholeNanoseconds))
    }

    package static func - (moment: Moment, duration: Duration) -> Moment {
        Moment(nanoseconds: moment.nanoseconds.clampedDifference(to: duration.wholeNanoseconds))
    }
}

extension Int64 {
    /// The sum, or the greatest or least number where it is none.
    package func clampedSum(with other: Int64) -> Int64 {
        let (sum, isBeyond) = addingReportingOverflow(other)
        return isBeyond ? (other > 0 ? .max : .min) : sum
    }

    /// The difference, or the greatest or least number where it is none.
    package func clampedDifference(to other: Int64) -> Int64 {
        let (difference, isBeyond) = subtractingReportingOverflow(other)
        return isBeyond ? (other < 0 ? .max : .min) : difference
    }
}

extension Duration {
    /// Nanoseconds, rounded towards zero; the greatest or least number where they do not fit.
    package var wholeNanoseconds: Int64 {
        let attoseconds = attoseconds
        // Nine seconds on both sides, for which 64 bits do.
        if let few = Int64(exactly: attoseconds) { return few / 1_000_000_000 }
        return Int64(clamping: attoseconds / 1_000_000_000)
    }
}
