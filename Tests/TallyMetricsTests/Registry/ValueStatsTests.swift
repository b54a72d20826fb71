import TallyTestServer
import Testing

@testable import TallyMetrics

@Suite struct ValueStatsTests {
    private func stats(_ values: [Double]) -> ValueStats {
        values.reduce(into: ValueStats()) { $0.add($1) }
    }

    @Test func `of nothing, extremes and mean are unknown, and the sum of two nothings is nothing`() {
        let nothing = ValueStats() + ValueStats()

        #expect(nothing == ValueStats())
        #expect(nothing.minimum == nil && nothing.maximum == nil && nothing.average == nil && nothing.last == nil)
        #expect(nothing.percentile(50) == nil)
        #expect(nothing.values.isEmpty)
    }

    @Test func `the greatest of negative values is negative`() {
        #expect(stats([-5, -2, -9]).maximum == -2)
        #expect(stats([-5, -2, -9]).percentile(0) == -9)
        #expect(stats([-5, -2, -9]).percentile(100) == -2)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `what is no finite number leaves all as it was`(value: Double) {
        var changed = stats([1, 2])
        changed.add(value)

        #expect(changed == stats([1, 2]))
    }

    @Test func `adding two is as observing all, whatever the split`() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            // Halves, whose sums are exact.
            let values = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                Double(Int.random(in: -2_000...200_000, using: &generator)) / 2
            }
            let split = Int.random(in: 0...values.count, using: &generator)
            let sum = stats(Array(values[..<split])) + stats(Array(values[split...]))
            #expect(sum == stats(values))
        }
    }

    @Test func `a percentile is no mean, and at most a sixteenth off`() throws {
        let values = (1...1_000).map(Double.init)
        let stats = stats(values)

        for percent in [1.0, 25, 50, 90, 99] {
            let exact = percent * 10
            let told = try #require(stats.percentile(percent))
            #expect(abs(told - exact) <= exact / 16, "p\(percent) is \(told)")
        }
        #expect(stats.percentile(0) == 1 || stats.percentile(0).map { $0 < 1.07 } == true)
        #expect(stats.percentile(100) == 1_000 || stats.percentile(100).map { $0 > 960 } == true)
    }

    @Test func `values and counts have the exact count and sum, and a single value is exact`() {
        var generator = SeededGenerator(seed: 5)
        let values = (0..<500).map { _ in Double(Int.random(in: -400...400_000, using: &generator)) / 4 }
        let told = stats(values).values

        #expect(told.reduce(0) { $0 + $1.count } == 500)
        #expect(abs(told.reduce(0) { $0 + $1.value * Double($1.count) } - values.reduce(0, +)) < 1e-6)
        #expect(told.map(\.value) == told.map(\.value).sorted())
        #expect(stats([0.1]).values.map(\.value) == [0.1])
    }

    @Test func `the counts between powers of two are exact, each bound with what lies below it`() {
        var generator = SeededGenerator(seed: 6)
        let bounds: [Double] = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 1024]
        let values =
            [0, 0.125, 1, 2, 1024, 1025, 4_000_000]
            + (0..<500).map { _ in Double.random(in: 0...20, using: &generator) }

        var expected = [Int](repeating: 0, count: bounds.count + 1)
        for value in values { expected[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1 }
        #expect(stats(values).counts(bounds: bounds) == expected)
    }

    @Test func `the buckets stay few however many different values there are`() {
        let stats = stats((0..<20_000).map { Double($0) / 7 })

        #expect(stats.values.count < 400)
        #expect(stats.count == 20_000)
    }
}
