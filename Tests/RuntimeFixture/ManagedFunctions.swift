import Glibc
import Synchronization
import TallyMetrics
import TallyRuntime

/// Works with others beside it: spins, computes, or meets as many others as the event says and records calls of its own.
final class ManagedFunction: LambdaFunction {
    private let start: Initialization
    private let present = Mutex(0)
    private let handled = Mutex(0)

    init(_ start: Initialization) {
        self.start = start
    }

    func handle(_ order: Order, _ context: Context) async throws -> Answer {
        if order.text == "spin" {
            context.logger.info("begun")
            // Without a suspension, until so many others have been handled.
            while handled.withLock({ $0 }) < order.count ?? 0 {}
            return Answer(text: "spun")
        }
        if order.text == "compute" {
            let word = (0..<UInt64(order.count ?? 0)).reduce(1) { ($0 ^ $0 >> 7) &* 0x9E37_79B9_7F4A_7C15 &+ $1 }
            return Answer(text: "\(word)")
        }
        for _ in 0..<3 {
            var call = CallRecord(service: .dynamoDB, operation: "GetItem", start: .now)
            call.attempts = 1
            MetricsScope.record(call, in: MetricsScope.current)
        }
        let wanted = order.count ?? 0
        present.withLock { $0 += 1 }
        while present.withLock({ $0 }) < wanted { try await start.sleep(.milliseconds(1)) }
        handled.withLock { $0 += 1 }
        let isOwn = MetricsScope.current?.invocation.requestID == context.requestID
        let hasTrace = getenv("_X_AMZN_TRACE_ID") != nil
        return Answer(text: isOwn && !hasTrace ? context.requestID : "another's", count: context.metrics.operationCount)
    }
}

/// Has hooks that tell that they ran; one hangs where the environment says so.
struct ShutdownFunction: LambdaFunction {
    init(_ start: Initialization) {
        let logger = start.logger
        start.onShutdown { logger.info("first hook") }
        start.onShutdown {
            // As a client does that waits between two attempts.
            try? await start.sleep(.milliseconds(1))
            logger.info("second hook")
            if getenv("STALL") != nil { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }
        }
    }

    func handle(_ order: Order, _ context: Context) -> Answer {
        Answer(text: "done")
    }
}
