import TallyWire

/// One moment on the clock that only goes forward and on that of the day, so that other instants need no clock read.
///
/// Taken anew for each scope: while a process is frozen, the two move apart.
package struct WallClockAnchor: Sendable {
    private let moment: Moment
    private let time: Timestamp

    init(_ moment: Moment, time: Timestamp) {
        self.moment = moment
        self.time = time
    }

    static func now() -> WallClockAnchor {
        WallClockAnchor(.now, time: .now())
    }

    func time(at other: Moment) -> Timestamp {
        time.advanced(byNanoseconds: moment.nanoseconds(to: other))
    }
}
