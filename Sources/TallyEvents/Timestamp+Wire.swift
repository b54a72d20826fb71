import TallyWire

extension Timestamp {
    /// A time from seconds since 1970 with decimals, to the microsecond, which is what a `Double` has of today.
    init?(seconds: Double) {
        guard let microseconds = Int64(exactly: (seconds * 1_000_000).rounded()) else { return nil }
        let (nanoseconds, isOver) = microseconds.multipliedReportingOverflow(by: 1000)
        if isOver { return nil }
        self.init(nanosecondsSinceEpoch: nanoseconds)
    }

    /// A time from the text of milliseconds since 1970.
    init?(millisecondsText text: String?) {
        guard let milliseconds = text.flatMap({ Int64($0) }) else { return nil }
        self.init(milliseconds: milliseconds)
    }
}
