import Synchronization
import TallyMetrics
import TallyWire
import Testing

@testable import TallyRuntime

@Suite struct WatchdogLaneTests {
    @Test func `an invocation that has ended does not cancel the next one`() throws {
        let cancellations = Mutex(0)
        let reporter = InvocationReporter(
            try MetricsConfiguration { $0 == "AWS_LAMBDA_FUNCTION_NAME" ? "f" : nil }, initializationType: nil,
            output: LineOutput { _ in })
        let lane = WatchdogLane()
        lane.serve { cancellations.withLock { $0 += 1 } }
        lane.watch(MetricsScope(), reporter: reporter, handlerStart: .now)
        let first = try #require(lane.open)
        lane.rest()
        lane.watch(MetricsScope(), reporter: reporter, handlerStart: .now)

        lane.cancel(first)

        #expect(cancellations.withLock { $0 } == 0)
        #expect(lane.open?.isCancelled == false)
        lane.cancel(try #require(lane.open))
        #expect(cancellations.withLock { $0 } == 1)
        #expect(lane.open?.isCancelled == true)
    }
}
