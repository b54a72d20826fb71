import Glibc
import Synchronization
import TallyMetrics
import TallyRuntime

/// Tells in the log what happens to it; stalls where `STALL` is set.
struct TellingSink: MetricSink {
    private var logger: Logger { Logger() }

    func open() async throws {
        logger.info("sink opened")
    }

    func export(_ batch: MetricBatch) async throws {
        let errors = batch.deltas.first { $0.key.name == MetricName.handlerErrors.rawValue }
        logger.info("sink exports", ["invocations": errors?.stats.count, "errors": errors?.stats.sum])
        if getenv("STALL") != nil {
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        }
    }

    func close() async {
        logger.info("sink closed")
    }
}

/// Has a sink; computes for as many milliseconds as the event says.
struct SinkFunction: LambdaFunction {
    static func configure(_ metrics: inout MetricsConfiguration) {
        metrics.sinks = [TellingSink()]
    }

    init(_ start: Initialization) {
        start.logger.info("init")
    }

    func handle(_ order: Order, _ context: Context) -> Answer {
        context.logger.info("begun")
        let end = ContinuousClock.now + .milliseconds(order.count ?? 0)
        while ContinuousClock.now < end {}
        return Answer(text: "done")
    }
}
