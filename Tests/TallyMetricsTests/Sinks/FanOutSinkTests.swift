import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct FanOutSinkTests {
    private let time = ManualClock()

    private func exporter(_ sinks: any MetricSink..., logger: Logger = .silent) -> MetricsExporter {
        MetricsExporter(
            service: "shop", sinks: sinks, flush: .onDemand, timeLimit: .seconds(5), clock: time.clock, logger: logger)
    }

    // MARK: - Failing

    @Test func `a sink that throws does not keep others from anything`() async {
        let (good, bad) = (InMemorySink(), TestSink("bad") { _, _ in throw SinkFailure() })
        let exporter = exporter(bad, good)
        await exporter.run {
            for _ in 0..<3 {
                exporter.record(1, of: .parcels)
                await exporter.flush()
            }
        }

        #expect(good.total(of: "Parcels").count == 3)
        #expect(bad.attemptCount == 4)
        #expect(exporter.lostObservations == ["bad": 3])
    }

    @Test func `what was not taken comes again with the next batch, and once`() async throws {
        let sink = TestSink("flaky") { number, _ in if number == 1 { throw SinkFailure() } }
        let exporter = exporter(sink)
        await exporter.run {
            exporter.record(1, of: .parcels)
            exporter.record(1, of: .load)
            await exporter.flush()
            time.advance(by: .seconds(60))
            exporter.record(2, of: .parcels)
            exporter.record(3, of: .load)
            await exporter.flush()
        }

        #expect(sink.kept.batches.count == 1)
        #expect(sink.kept.total(of: "Parcels").sum == 3)
        #expect(sink.kept.total(of: "Parcels").count == 2)
        let load = try #require(sink.kept.batches.first?.deltas.first { $0.key == .load })
        #expect(load.stats.last == 3)
        #expect(load.start == ManualClock.wallStart)
        #expect(load.end == ManualClock.wallStart + .seconds(60))
        #expect(exporter.lostObservations.isEmpty)
    }

    @Test func `after three further exports without success it is lost, and later batches are not`() async {
        let sink = TestSink("down") { number, _ in if number <= 4 { throw SinkFailure() } }
        let exporter = exporter(sink)
        await exporter.run {
            for _ in 0..<5 {
                exporter.record(1, of: .parcels)
                await exporter.flush()
            }
        }

        #expect(sink.attemptCount == 5)
        #expect(sink.kept.total(of: "Parcels").count == 1)
        #expect(exporter.lostObservations == ["down": 4])
    }

    @Test func `a sink says itself what is lost and what may come again`() async {
        let sink = TestSink("partial") { number, batch in
            guard number == 1 else { return }
            throw MetricSinkError(
                code: "Partial", message: "half", unsent: batch.deltas.filter { $0.key == .parcels },
                lostObservations: 1)
        }
        let exporter = exporter(sink)
        await exporter.run {
            exporter.record(1, of: .parcels)
            exporter.record(1, of: .load)
            await exporter.flush()
            await exporter.flush()
        }

        #expect(sink.kept.total(of: "Parcels").count == 1)
        #expect(sink.kept.total(of: "Load").count == 0)
        #expect(exporter.lostObservations == ["partial": 1])
    }

    @Test func `a sink that cannot be opened is opened before the next export`() async {
        let sink = TestSink("late", opening: { number in if number == 1 { throw SinkFailure() } })
        let exporter = exporter(sink)
        await exporter.run {
            exporter.record(1, of: .parcels)
        }

        #expect(sink.kept.total(of: "Parcels").count == 1)
        #expect(exporter.lostObservations.isEmpty)
    }

    @Test func `a sink that never opens delays nobody, and all of it counts as lost`() async {
        let (good, bad) = (InMemorySink(), TestSink("shut", opening: { _ in throw SinkFailure() }))
        let exporter = exporter(bad, good)
        await exporter.run { exporter.record(1, of: .parcels) }

        #expect(good.total(of: "Parcels").count == 1)
        #expect(bad.attemptCount == 0)
        #expect(exporter.lostObservations == ["shut": 1])
    }

    // MARK: - Stalling

    @Test func `a sink that stalls loses its own batch only, and delays nobody beyond its time limit`() async throws {
        let stall = Stall()
        let (good, bad) = (
            InMemorySink(), TestSink("stuck") { number, _ in if number == 1 { await stall.wait() } }
        )
        let exporter = exporter(bad, good)
        try await exporter.run {
            exporter.record(1, of: .parcels)
            let flush = Task { await exporter.flush() }
            try await Waiting.until("the other sink") { good.batches.count == 1 }
            try await time.untilSleeping(for: .seconds(5))
            time.advance(by: .seconds(5))
            await flush.value

            #expect(exporter.lostObservations == ["stuck": 1])
            // Still stuck: it is not called a second time, and nothing more is lost yet.
            time.advance(by: .seconds(30))
            exporter.record(2, of: .parcels)
            await exporter.flush()
            #expect(bad.attemptCount == 1)
            #expect(good.total(of: "Parcels").sum == 3)

            stall.end()
            try await Waiting.until("its end") { bad.kept.batches.count == 1 }
            await exporter.flush()
        }

        #expect(bad.kept.batches.last?.deltas.first { $0.key == .parcels }?.stats.sum == 2)
        #expect(exporter.lostObservations == ["stuck": 1])
    }

    /// Flushes every five seconds while the sink is left alone, and once afterwards.
    private func flushForHalfAMinute(_ exporter: MetricsExporter, _ sink: TestSink) async {
        for _ in 0..<6 {
            exporter.record(1, of: .parcels)
            await exporter.flush()
            time.advance(by: .seconds(5))
        }
        #expect(sink.attemptCount == 1)
        await exporter.flush()
    }

    @Test func `a sink that stalled is left alone for half a minute, and gets all of it then`() async throws {
        let sink = TestSink("slow") { number, _ in
            if number == 1 { try await Task.sleep(for: .seconds(86_400)) }
        }
        let exporter = exporter(sink)
        try await exporter.run {
            exporter.record(1, of: .parcels)
            let flush = Task { await exporter.flush() }
            try await time.untilSleeping(for: .seconds(5))
            time.advance(by: .seconds(5))
            await flush.value
            await flushForHalfAMinute(exporter, sink)
        }

        #expect(sink.attemptCount == 2)
        #expect(sink.kept.total(of: "Parcels").count == 6)
        #expect(exporter.lostObservations == ["slow": 1])
    }

    @Test func `a sink is left alone for as long as it asks, and gets all of it then`() async {
        let sink = TestSink("busy") { number, batch in
            guard number == 1 else { return }
            throw MetricSinkError(
                code: "Busy", message: "later", unsent: batch.deltas, retryAfter: .seconds(30))
        }
        let exporter = exporter(sink)
        await exporter.run {
            await flushForHalfAMinute(exporter, sink)
        }

        #expect(sink.attemptCount == 2)
        #expect(sink.kept.total(of: "Parcels").count == 6)
        #expect(exporter.lostObservations.isEmpty)
    }

    // MARK: - Telling

    @Test func `losses are told to the other sinks, and not to the one that has them`() async {
        let good = InMemorySink()
        let bad = TestSink("bad") { number, batch in
            #expect(!batch.deltas.contains { $0.key.name == "LostObservations" })
            throw MetricSinkError(code: "Refused", message: "no", lostObservations: batch.observationCount)
        }
        let exporter = exporter(bad, good)
        await exporter.run {
            exporter.record(1, of: .parcels)
            exporter.record(1, of: .load)
            await exporter.flush()
            await exporter.flush()
        }

        let lost = good.batches.flatMap(\.deltas).filter { $0.key.name == MetricName.lostObservations.rawValue }
        #expect(lost.map(\.stats.sum) == [2])
        #expect(lost.first?.key.dimensions == [MetricDimension(name: "sink", value: "bad")])
        #expect(bad.attemptCount == 1)
    }

    @Test func `each kind of failure is one warning`() async {
        let pipe = Pipe()
        let sink = TestSink("bad") { number, _ in
            if number == 3 { throw MetricSinkError(code: "Other", message: "another") }
            throw SinkFailure()
        }
        let exporter = exporter(sink, logger: Logger(output: pipe.output))
        await exporter.run {
            for _ in 0..<4 {
                exporter.record(1, of: .parcels)
                await exporter.flush()
            }
        }
        pipe.closeWriter()
        let lines = String(decoding: pipe.readAll(), as: UTF8.self).split(separator: "\n")
        pipe.closeReader()

        #expect(lines.count == 2)
        #expect(lines.first?.contains("export of bad: SinkFailure") == true)
        #expect(lines.last?.contains("Other: another") == true)
    }

    @Test func `calls that a sink makes are no late calls of an invocation`() async {
        let late = LateCallCounter()
        await MetricsScope.$late.withValue(late) {
            let sink = TestSink("caller") { _, _ in
                MetricsScope.record(record(), in: MetricsScope.current)
            }
            let exporter = exporter(sink)
            await exporter.run { exporter.record(1, of: .parcels) }
            #expect(sink.kept.batches.count == 1)
        }

        #expect(late.count == 0)
    }
}
