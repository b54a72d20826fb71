import Testing

@testable import TallyWire

@Suite struct MomentTests {
    @Test func `an instant comes back as it was, and moments are as far apart as instants`() {
        let now = ContinuousClock.now
        for offset in [-1_000_000_000_000_000_001, -1, 0, 1, 999_999_999, 9_300_000_000, 86_400_000_000_000_007] {
            let later = now + .nanoseconds(offset)

            #expect(Moment(later).instant == later)
            #expect(Moment(now).duration(to: Moment(later)) == .nanoseconds(offset))
            #expect((Moment(now) < Moment(later)) == (offset > 0))
        }
    }

    @Test func `the clock is the one of instants`() {
        let before = Moment.now
        let instant = ContinuousClock.now
        let after = Moment.now

        #expect(before <= Moment(instant))
        #expect(Moment(instant) <= after)
    }

    @Test func `a moment plus a duration is as far away, and never beyond the last`() {
        let moment = Moment(nanoseconds: 5)

        #expect(moment + .seconds(1) == Moment(nanoseconds: 1_000_000_005))
        #expect(moment - .nanoseconds(7) == Moment(nanoseconds: -2))
        #expect(moment + .seconds(Int64.max) == Moment(nanoseconds: .max))
        #expect(Moment(nanoseconds: -5) - .seconds(Int64.max) == Moment(nanoseconds: .min))
        #expect(Moment(nanoseconds: -5) + .seconds(Int64.min) == Moment(nanoseconds: .min))
    }

    @Test func `what is centuries away is the last or first moment there is`() {
        #expect(Moment(.now + .seconds(Int64.max)).nanoseconds == .max)
        #expect(Moment(.now - .seconds(Int64.max)).nanoseconds == .min)
        #expect(Moment(.now - .seconds(Int64.max)).nanoseconds(to: Moment(.now + .seconds(Int64.max))) == .max)
    }

    @Test(
        arguments: [
            (.zero, 0), (.nanoseconds(-1), -1), (.milliseconds(1_500), 1_500_000_000), (.seconds(-20), -20_000_000_000),
            (Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999), 1), (.seconds(Int64.max), .max),
            (.seconds(Int64.min), .min),
        ] as [(Duration, Int64)])
    func `a duration has whole nanoseconds, rounded towards zero`(duration: Duration, nanoseconds: Int64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
    }
}
