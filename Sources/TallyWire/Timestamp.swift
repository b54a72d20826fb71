import Glibc

/// A point in time on the UTC clock, in nanoseconds since 1970; it reaches from 1677 to 2262.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanosecondsSinceEpoch: Int64

    /// Creates a time.
    ///
    /// - Parameter nanosecondsSinceEpoch: Nanoseconds since 1970-01-01T00:00:00Z.
    public init(nanosecondsSinceEpoch: Int64) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
    }

    /// Creates a time from whole milliseconds; one out of range becomes the first or last there is.
    ///
    /// - Parameter milliseconds: Milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        nanosecondsSinceEpoch = Int64(clamping: Int128(milliseconds) * 1_000_000)
    }

    /// Reads the system's clock.
    ///
    /// - Returns: The time now.
    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanosecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Whole milliseconds since 1970, as EMF and CloudWatch want them.
    public var milliseconds: Int64 { Self.floor(nanosecondsSinceEpoch, 1_000_000).quotient }

    /// The millisecond that it is in.
    package var wholeMilliseconds: Timestamp {
        let beyond = Self.floor(nanosecondsSinceEpoch, 1_000_000).remainder
        return Timestamp(nanosecondsSinceEpoch: nanosecondsSinceEpoch.clampedDifference(to: beyond))
    }

    /// Returns whether one time is before another.
    ///
    /// - Parameters:
    ///   - left: A time.
    ///   - right: Another time.
    /// - Returns: Whether `left` is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }

    /// Returns the time a duration later; one out of range becomes the first or last there is.
    ///
    /// - Parameters:
    ///   - time: A time.
    ///   - duration: How much later, or earlier when negative.
    /// - Returns: The later time.
    public static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let nanoseconds = Int128(time.nanosecondsSinceEpoch) + duration.attoseconds / 1_000_000_000
        return Timestamp(nanosecondsSinceEpoch: Int64(clamping: nanoseconds))
    }

    /// The time so many nanoseconds later; one out of range becomes the first or last there is.
    package func advanced(byNanoseconds nanoseconds: Int64) -> Timestamp {
        Timestamp(nanosecondsSinceEpoch: nanosecondsSinceEpoch.clampedSum(with: nanoseconds))
    }

    /// Divides towards the past, so that times before 1970 keep their order.
    static func floor(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
