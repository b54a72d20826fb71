import TallyMetrics
import Testing

@Suite struct MetricsTests {
    private struct Failure: Error {}

    @Test func `outside any scope nothing is recorded`() {
        #expect(Metrics.current == .unrecorded)
    }

    @Test func `a scope gives what its body returns and what it took`() async {
        let (value, metrics) = await Metrics.withScope {
            MetricsScope.record(record(.kms, "Decrypt"), in: MetricsScope.current)
            return "read"
        }

        #expect(value == "read")
        #expect(metrics.kmsCalls == 1)
        #expect(metrics.isRecorded)
        #expect(Metrics.current == .unrecorded)
    }

    @Test func `inside, the figures so far are there even when the body throws`() async {
        var seen = MetricsSnapshot.unrecorded
        await #expect(throws: Failure.self) {
            try await Metrics.withScope {
                MetricsScope.record(record(), in: MetricsScope.current)
                seen = Metrics.current
                throw Failure()
            }
        }

        #expect(seen.operationCount == 1)
    }

    @Test func `a scope within an invocation takes nothing away from it`() async {
        let invocation = MetricsScope(InvocationInfo(requestID: "r-1"))
        await MetricsScope.$current.withValue(invocation) {
            let metrics = await Metrics.withScope {
                #expect(MetricsScope.current?.invocation.requestID == "r-1")
                MetricsScope.record(record(), in: MetricsScope.current)
            }.metrics
            #expect(metrics.operationCount == 1)
        }

        #expect(invocation.snapshot().operationCount == 1)
    }

    @Test func `at level none the figures say that they are not recorded`() async {
        let metrics = await Metrics.withScope(level: .none) {
            MetricsScope.record(record(), in: MetricsScope.current)
        }.metrics

        #expect(!metrics.isRecorded)
    }
}
