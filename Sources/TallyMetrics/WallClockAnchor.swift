import TallyWire

/// One moment on the clock that only goes forward and on that of the day, so that other instants need no clock read.
///
/// Taken anew for each scope: while a process is frozen, the two move apart.
package struct WallClockAnchor: Sendable {
    let instant: ContinuousClock.Instant
    let time: Timestamp

    static func now() -> WallClockAnchor {
        WallClockAnchor(instant: .now, time: .now())
    }

    func time(at other: ContinuousClock.Instant) -> Timestamp {
        time + instant.duration(to: other)
    }
}
