import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct MetricRegistryTests {
    private let time = ManualClock()

    private func registry(tupleLimit: Int = 200, logger: Logger = .silent) -> MetricRegistry {
        MetricRegistry(tupleLimit: tupleLimit, clock: time.clock, logger: logger)
    }

    @Test func `looking takes nothing away, and draining takes everything once`() {
        let registry = registry()
        registry.record(2, of: .parcels)
        registry.record(3, of: .parcels)

        #expect(registry.snapshot(of: .parcels)?.sum == 5)
        #expect(registry.snapshots().map(\.count) == [2])
        #expect(registry.drain().deltas.map(\.stats.sum) == [5])
        #expect(registry.drain().isEmpty)
        #expect(registry.snapshot(of: .parcels)?.sum == 5)
    }

    @Test func `what is drained by any interval adds up to what was recorded`() {
        for interval in [1, 10, 30, 59, 60, 61, 90, 120, 700] {
            let registry = registry()
            var (count, sum) = (0, 0.0)
            for second in 1...600 {
                registry.record(1, of: .parcels)
                time.advance(by: .seconds(1))
                guard second % interval == 0 || second == 600 else { continue }
                for delta in registry.drain().deltas {
                    count += delta.stats.count
                    sum += delta.stats.sum
                }
            }
            #expect(count == 600 && sum == 600, "each \(interval) s")
        }
    }

    @Test func `a window tells where it begins and ends by the clock on the wall`() throws {
        let registry = registry()
        time.advance(by: .milliseconds(2_500))
        registry.record(1, of: .picking)
        time.advance(by: .milliseconds(10_200))

        let window = try #require(registry.snapshot(of: .picking))

        #expect(window.start == ManualClock.wallStart + .seconds(2))
        #expect(window.end == ManualClock.wallStart + .seconds(3))
        time.advance(by: .milliseconds(100))
        registry.record(2, of: .picking)
        #expect(registry.snapshot(of: .picking)?.end == time.wall)
    }

    @Test func `a window whose minute has passed is empty, without bounds and extremes`() throws {
        let registry = registry()
        registry.record(1, of: .picking)
        time.advance(by: .seconds(61))

        let window = try #require(registry.snapshot(of: .picking))

        #expect(window.count == 0)
        #expect(window.start == nil && window.end == nil)
        #expect(window.minimum == nil && window.maximum == nil && window.average == nil)
        #expect(registry.snapshot(of: .parcels) == nil)
    }

    @Test func `deltas tell since when and until when, each from the end of the last`() throws {
        let registry = registry()
        time.advance(by: .seconds(5))
        registry.record(1, of: .parcels)
        let first = try #require(registry.drain().deltas.first)
        time.advance(by: .seconds(7))
        registry.record(1, of: .parcels)
        let second = try #require(registry.drain().deltas.first)

        #expect(first.start == ManualClock.wallStart)
        #expect(first.end == ManualClock.wallStart + .seconds(5))
        #expect(second.start == first.end)
        #expect(second.end == time.wall)
    }

    // MARK: - Refusals and bounds

    @Test(arguments: [Double.nan, .infinity, -.infinity, 0x1p361])
    func `a value that no sink takes is refused and counted, and spoils nothing`(value: Double) throws {
        let registry = registry()
        registry.record(1, of: .picking)
        registry.record(value, of: .picking)
        registry.record(2, of: .picking)

        let delta = try #require(registry.drain().deltas.first)
        #expect(delta.stats.sum == 3 && delta.stats.maximum == 2)
        #expect(registry.snapshot(of: .picking)?.count == 2)
        #expect(registry.refusedObservations == 1)
    }

    @Test(arguments: [
        MetricKey(""), MetricKey("umlaut ä"), MetricKey("A", dimensions: ["": "b"]),
        MetricKey("A", dimensions: ["b": ""]),
        MetricKey("A", namespace: "AWS/Lambda"),
    ])
    func `a key for which CloudWatch would refuse a whole request is refused`(key: MetricKey) {
        let registry = registry()
        registry.record(1, of: key)

        #expect(registry.drain().isEmpty)
        #expect(registry.refusedObservations == 1)
    }

    @Test(arguments: [
        MetricKey("_aws"), MetricKey("A", dimensions: ["_aws": "b"]), MetricKey("shop", dimensions: ["shop": "berlin"]),
    ])
    func `a key of which one line would have a member twice is refused`(key: MetricKey) {
        let registry = registry()
        registry.record(1, of: key)

        #expect(registry.drain().isEmpty)
        #expect(registry.refusedObservations == 1)
    }

    @Test func `ten thousand error codes are as many metrics as the bound allows, and none is lost`() {
        let lines = Pipe.lines { output in
            let registry = registry(logger: Logger(output: output))
            for code in 0..<10_000 {
                registry.record(1, of: MetricKey("Errors", unit: .count, dimensions: ["errorCode": "E\(code)"]))
            }
            let batch = registry.drain()
            let other = batch.deltas.first { $0.key.dimensions.first?.value == "other" }

            #expect(batch.deltas.count == 201)
            #expect(registry.snapshots().count == 201)
            #expect(other?.stats.count == 9_800)
            #expect(batch.observationCount == 10_000)
        }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("more than 200 combinations of dimensions") == true)
    }

    @Test func `metrics of known dimensions go on when there is no room for others`() {
        let registry = registry(tupleLimit: 1)
        let known = MetricKey("A", dimensions: ["service": "shop"])
        registry.record(1, of: known)
        registry.record(1, of: MetricKey("A", dimensions: ["service": "shop", "table": "t"]))
        registry.record(1, of: MetricKey("B", dimensions: ["service": "shop"]))

        let keys = registry.drain().deltas.map(\.key)
        #expect(keys.contains(known))
        #expect(keys.contains(MetricKey("B", dimensions: ["service": "shop"])))
        #expect(keys.contains(MetricKey("A", dimensions: ["service": "other", "table": "other"])))
    }

    @Test func `names without end fill no memory`() {
        let registry = registry(tupleLimit: 1)
        for number in 0..<3_000 { registry.record(1, of: MetricKey("Name\(number)")) }

        #expect(registry.drain().deltas.count == 1_000)
        #expect(registry.refusedObservations == 2_000)
    }

    // MARK: - Threads

    @Test func `what many record while others drain is drained exactly once`() async {
        let registry = MetricRegistry(logger: .silent)

        let drained = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for turn in 0..<2_000 {
                        registry.record(1, of: MetricKey("M\(turn % 3)", dimensions: ["task": "\(task % 4)"]))
                    }
                    return 0
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    var count = 0
                    for _ in 0..<200 {
                        count += registry.drain().observationCount
                        await Task.yield()
                    }
                    return count
                }
            }
            return await group.reduce(0, +)
        }

        #expect(drained + registry.drain().observationCount == 16_000)
        #expect(registry.refusedObservations == 0)
    }
}
