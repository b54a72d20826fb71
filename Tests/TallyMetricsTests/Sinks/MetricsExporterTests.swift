import Synchronization
import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct MetricsExporterTests {
    private struct Failure: Error {}

    private let time = ManualClock()

    private func exporter(
        _ sinks: any MetricSink..., level: MetricsLevel = .summary, flush: MetricsFlush = .onDemand,
        logger: Logger = .silent
    ) -> MetricsExporter {
        MetricsExporter(
            level: level, service: "shop", sinks: sinks, flush: flush, timeLimit: .seconds(5), clock: time.clock,
            logger: logger)
    }

    // MARK: - Once, and all of it

    @Test(arguments: [7, 10, 30, 59, 60, 61, 90, 120, 1000])
    func `one event a second is exported as 600 in ten minutes, by any interval`(seconds: Int) async throws {
        let sink = InMemorySink()
        let interval = Duration.seconds(seconds)
        let exporter = exporter(sink, flush: .interval(interval))

        try await exporter.run {
            for second in 1...600 {
                try await time.untilSleeping(for: interval)
                exporter.record(1, of: .parcels)
                time.advance(by: .seconds(1))
                let flushes = second / seconds
                try await Waiting.until("flush \(flushes)") { sink.batches.count >= flushes }
            }
        }

        #expect(sink.total(of: "Parcels").sum == 600)
        #expect(sink.batches.count == 600 / seconds + (600 % seconds == 0 ? 0 : 1))
    }

    @Test func `flushing twice exports once`() async {
        let sink = InMemorySink()
        let exporter = exporter(sink)
        await exporter.run {
            exporter.record(1, of: .parcels)
            await exporter.flush()
            await exporter.flush()
        }

        #expect(sink.batches.count == 1)
        #expect(sink.total(of: "Parcels").count == 1)
    }

    @Test func `the end exports what is left, and nothing that was exported already`() async {
        let sink = InMemorySink()
        let exporter = exporter(sink)
        await exporter.run {
            exporter.record(1, of: .parcels)
            await exporter.flush()
            exporter.record(2, of: .parcels)
        }

        #expect(sink.batches.map { $0.deltas.map(\.stats.sum) } == [[1], [2]])
        #expect(sink.openCount == 1)
        #expect(sink.closeCount == 1)
    }

    @Test func `a body that throws is exported all the same, and its error comes out`() async {
        let sink = InMemorySink()
        let exporter = exporter(sink)
        await #expect(throws: Failure.self) {
            try await exporter.run {
                exporter.record(1, of: .parcels)
                throw Failure()
            }
        }

        #expect(sink.total(of: "Parcels").count == 1)
        #expect(sink.closeCount == 1)
    }

    @Test func `a cancelled task's last export still goes out`() async {
        let sink = InMemorySink()
        let exporter = exporter(sink)
        let begun = Stall()
        let task = Task {
            await exporter.run {
                exporter.record(1, of: .parcels)
                await begun.wait()
            }
        }
        task.cancel()
        begun.end()
        await task.value

        #expect(sink.total(of: "Parcels").count == 1)
    }

    @Test func `what many record while it is flushed again and again arrives exactly once`() async {
        let sink = InMemorySink()
        let exporter = MetricsExporter(service: "shop", sinks: [sink], flush: .onDemand, logger: .silent)
        await exporter.run {
            await withTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<500 { exporter.record(1, of: .parcels) }
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<20 { await exporter.flush() }
                    }
                }
            }
        }

        #expect(sink.total(of: "Parcels").count == 4_000)
        #expect(exporter.lostObservations.isEmpty)
    }

    // MARK: - Levels

    @Test func `at level none there is no registry, no clock is read and no sink opened`() async {
        let sink = InMemorySink()
        let exporter = exporter(sink, level: .none, flush: .interval(.seconds(1)))
        await exporter.run {
            exporter.record(1, of: .parcels)
            await exporter.flush()
        }

        #expect(exporter.registry == nil)
        #expect(time.reads == 0)
        #expect(sink.openCount == 0 && sink.batches.isEmpty && sink.closeCount == 0)
        #expect(exporter.snapshots().isEmpty)
    }

    @Test func `without sinks there is no registry`() {
        #expect(exporter().registry == nil)
        #expect(time.reads == 0)
    }

    @Test(arguments: [(MetricsLevel.summary, 1), (.detailed, 2)])
    func `tables are told apart at level detailed only`(level: MetricsLevel, count: Int) async {
        let sink = InMemorySink()
        let exporter = exporter(sink, level: level)
        await exporter.run {
            for table in ["a", "b"] {
                exporter.record(
                    1, of: MetricKey("Errors", unit: .count, dimensions: ["service": "shop", "table": table]))
            }
        }

        #expect(sink.batches.first?.deltas.count == count)
        #expect(sink.total(of: "Errors").count == 2)
    }

    // MARK: - Single observations

    @Test func `an event sink sees each observation at its time, and none that is refused`() async {
        let sink = InMemorySink()
        let exporter = exporter(FanOutSink([sink]), InMemorySink())
        await exporter.run {
            exporter.record(1, of: .parcels)
            time.advance(by: .seconds(2))
            exporter.record(.nan, of: .parcels)
            exporter.record(2, of: .parcels)
        }

        #expect(sink.observations.map(\.value) == [1, 2])
        #expect(sink.observations.map(\.time) == [ManualClock.wallStart, ManualClock.wallStart + .seconds(2)])
        #expect(exporter.refusedObservations == 1)
    }

    // MARK: - Scopes

    @Test func `the figures of an outermost scope are recorded once, when it ends or throws`() async {
        let sink = InMemorySink()
        let exporter = exporter(sink)
        await exporter.run {
            await Metrics.withScope {
                await Metrics.withScope {
                    MetricsScope.record(record(.kms, "Decrypt"), in: MetricsScope.current)
                }
            }
            _ = try? await Metrics.withScope {
                MetricsScope.record(record(.kms, "Decrypt"), in: MetricsScope.current)
                throw Failure()
            }
        }

        #expect(sink.total(of: "KMSCalls").sum == 2)
        #expect(sink.total(of: "KMSCalls").count == 2)
        #expect(sink.batches.first?.deltas.allSatisfy { $0.key.dimensions.map(\.value) == ["shop"] } == true)
    }
}
