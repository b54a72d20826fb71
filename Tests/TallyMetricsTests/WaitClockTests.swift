import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct WaitClockTests {
    private func at(_ milliseconds: Int) -> Moment { Moment(epoch + .milliseconds(milliseconds)) }

    @Test func `intervals side by side count once`() {
        var clock = WaitClock()
        clock.begin(at: at(0))
        clock.begin(at: at(5))
        clock.end(startedAt: at(0), at: at(10))
        clock.end(startedAt: at(5), at: at(20))

        #expect(clock.total(at: at(100)) == .milliseconds(20))
    }

    @Test func `the gap between intervals does not count`() {
        var clock = WaitClock()
        clock.begin(at: at(0))
        clock.end(startedAt: at(0), at: at(10))
        clock.begin(at: at(30))
        clock.end(startedAt: at(30), at: at(35))

        #expect(clock.total(at: at(100)) == .milliseconds(15))
    }

    @Test func `an open interval counts until now`() {
        var clock = WaitClock()
        clock.begin(at: at(0))

        #expect(clock.total(at: at(40)) == .milliseconds(40))
    }

    @Test func `an interval that was never begun counts from its start, less what is counted`() {
        var clock = WaitClock()
        clock.end(startedAt: at(0), at: at(10))
        clock.end(startedAt: at(5), at: at(20))

        #expect(clock.total(at: at(100)) == .milliseconds(20))
    }

    @Test func `a reset keeps open intervals, from now on`() {
        var clock = WaitClock()
        clock.begin(at: at(0))
        clock.reset(at: at(50))
        clock.end(startedAt: at(0), at: at(60))

        #expect(clock.total(at: at(100)) == .milliseconds(10))
    }

    @Test(arguments: 0..<50)
    func `it agrees with the union of the intervals`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let intervals = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
            let start = Int.random(in: 0..<500, using: &generator)
            return start..<(start + Int.random(in: 1..<60, using: &generator))
        }
        let covered = Set(intervals.flatMap(Array.init)).count

        var clock = WaitClock()
        for moment in 0..<600 {
            for interval in intervals where interval.lowerBound == moment {
                clock.begin(at: at(moment))
            }
            for interval in intervals where interval.upperBound == moment {
                clock.end(startedAt: at(interval.lowerBound), at: at(moment))
            }
        }

        #expect(clock.total(at: at(1000)) == .milliseconds(covered))
    }
}
