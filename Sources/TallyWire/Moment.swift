/// A moment on the clock that only goes forward, as a number.
///
/// For what is kept: only the standard library knows the layout of a `ContinuousClock.Instant`, so that whatever holds one
/// is copied and destroyed field by field through tables.
package struct Moment: Sendable, Hashable, Comparable {
    /// Since one moment of the process, negative before it.
    package let nanoseconds: Int64

    private static let origin = ContinuousClock.now

    /// Takes an instant; one that is centuries away becomes the first or last there is.
    package init(_ instant: ContinuousClock.Instant) {
        nanoseconds = Self.origin.duration(to: instant).wholeNanoseconds
    }

    /// The instant.
    package var instant: ContinuousClock.Instant { Self.origin + .nanoseconds(nanoseconds) }

    /// The time until another moment, negative when that is earlier.
    package func duration(to other: Moment) -> Duration { .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds) }

    package static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }
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
