import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct TimeStatsTests {
    private func stats(_ nanoseconds: [Int64]) -> TimeStats {
        nanoseconds.enumerated().reduce(into: TimeStats()) {
            $0.add(.nanoseconds($1.element), at: Timestamp(milliseconds: Int64($1.offset)))
        }
    }

    @Test func `nothing has no average, bounds or percentiles`() {
        let nothing = TimeStats()

        #expect(nothing.count == 0)
        #expect(nothing.sum == .zero)
        #expect([nothing.average, nothing.minimum, nothing.maximum, nothing.last] == [nil, nil, nil, nil])
        #expect(nothing.percentile(50) == nil)
    }

    @Test func `times are summed, and the last is the one that ended last`() {
        var times = stats([3_000_000, 1_000_000])
        times.add(.milliseconds(8), at: Timestamp(milliseconds: -1))

        #expect(times.count == 3)
        #expect(times.sum == .milliseconds(12))
        #expect(times.average == .milliseconds(4))
        #expect(times.minimum == .milliseconds(1))
        #expect(times.maximum == .milliseconds(8))
        #expect(times.last == .milliseconds(1))
        #expect(times.lastEnd == Timestamp(milliseconds: 1))
    }

    @Test func `a negative time counts as none`() {
        let times = stats([-5])

        #expect((times.count, times.sum, times.minimum) == (1, .zero, .zero))
    }

    @Test(arguments: [0, 1, 15, 16, 17, 999, 123_456_789, Int64.max])
    func `of one time each percentile is that time`(nanoseconds: Int64) {
        for percent in [-1, 0, 50, 99.9, 100, 200, .nan] {
            #expect(stats([nanoseconds]).percentile(percent) == .nanoseconds(nanoseconds))
        }
    }

    @Test func `times beyond all clocks are counted`() {
        var times = TimeStats()
        times.add(.seconds(20_000_000_000))

        #expect(times.percentile(50) == times.maximum)
    }

    @Test(arguments: 0..<50)
    func `a percentile is that of the sorted times, or at most a sixteenth above it`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let largest = Int64(1) << Int64.random(in: 1...40, using: &generator)
        let values = (0..<Int.random(in: 1...300, using: &generator)).map { _ in
            Int64.random(in: 0...largest, using: &generator)
        }
        let times = stats(values)

        for percent in [0, 1, 25, 50, 90, 99, 99.9, 100] {
            let rank = max(1, Int((percent / 100 * Double(values.count)).rounded(.up)))
            let exact = Double(values.sorted()[rank - 1])
            let found = try #require(times.percentile(percent)) / .nanoseconds(1)
            #expect(found >= exact)
            #expect(found <= exact * 1.0625)
        }
        #expect(times.percentile(100) == times.maximum)
    }

    @Test(arguments: 0..<50)
    func `adding is associative and commutative, and as if all had been added to one`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let values = (0..<30).map { _ in Int64.random(in: 0...1_000_000, using: &generator) }
        let ends = (0..<30).map { _ in Timestamp(milliseconds: .random(in: 0...20, using: &generator)) }
        let parts = (0..<3).map { part in
            (0..<30).filter { $0 % 3 == part }.reduce(into: TimeStats()) {
                $0.add(.nanoseconds(values[$1]), at: ends[$1])
            }
        }
        let whole = (0..<30).reduce(into: TimeStats()) { $0.add(.nanoseconds(values[$1]), at: ends[$1]) }

        #expect((parts[0] + parts[1]) + parts[2] == whole)
        #expect(parts[2] + (parts[1] + parts[0]) == whole)
        #expect(whole + TimeStats() == whole)
        #expect(TimeStats() + whole == whole)
    }
}
