import Glibc
import Synchronization
import TallyMetrics
import TallyRuntime

/// Keeps its state on the main actor.
@MainActor
final class MainActorFunction: LambdaFunction {
    private var served = 0

    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) async -> Answer {
        served += 1
        try? await Task.sleep(for: .milliseconds(1))
        return Answer(text: MetricsScope.current?.invocation.requestID ?? "none", count: served)
    }
}

/// Works in tasks of its own, which leave the loop and come back.
struct TasksFunction: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) async throws -> Answer {
        let inherited = Task { MetricsScope.current?.invocation.requestID ?? "none" }
        async let child = MetricsScope.current?.invocation.requestID ?? "none"
        try await Task.sleep(for: .milliseconds(1))
        let detached = await Task.detached { MetricsScope.current == nil }.value
        return Answer(text: "\(await inherited.value) \(await child) \(detached)")
    }
}

/// Throws what the event says.
struct ThrowingFunction: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) throws -> Answer {
        guard let text = order.text else { return Answer(text: "fine") }
        throw OrderRefused(description: text)
    }
}

/// Cannot be initialised.
struct RefusingFunction: LambdaFunction {
    init(_ start: Initialization) throws {
        throw OrderRefused(description: "the table is not there")
    }

    func handle(_ order: Order, _ context: Context) -> Answer {
        Answer(text: "never")
    }
}

/// Computes for as many milliseconds as the event says, without suspending.
struct BusyFunction: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) -> Answer {
        context.logger.info("begun")
        let end = ContinuousClock.now + .milliseconds(order.count ?? 0)
        while ContinuousClock.now < end {}
        return Answer(text: "done")
    }
}

/// Answers with as many bytes as the event says.
struct LargeFunction: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) -> Payload {
        Payload([UInt8](repeating: UInt8(ascii: "x"), count: order.count ?? 0))
    }
}

/// Enters a call into the scope of the invocation before.
final class LateFunction: LambdaFunction {
    private let before = Mutex<MetricsScope?>(nil)

    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) -> Answer {
        let scope = before.withLock { scope in
            defer { scope = MetricsScope.current }
            return scope
        }
        if let scope {
            MetricsScope.record(CallRecord(service: .s3, operation: "GetObject", start: .now), in: scope)
        }
        return Answer(text: "done")
    }
}

/// Answers with the trace that the X-Ray tools of the process would see.
struct TraceFunction: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) -> Answer {
        Answer(text: getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) } ?? "none")
    }
}

/// Writes one unit and asks KMS once, at a price of its own.
struct PricesFunction: LambdaFunction {
    static func configure(_ metrics: inout MetricsConfiguration) throws {
        guard metrics.prices.region != "us-west-2" else { throw OrderRefused(description: "no prices for us-west-2") }
        metrics.prices.kmsRequest = 7
    }

    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) -> Answer {
        var write = CallRecord(service: .dynamoDB, operation: "PutItem", start: .now)
        write.attempts = 1
        write.writeUnits = 1
        var decryption = CallRecord(service: .kms, operation: "Decrypt", start: .now)
        decryption.attempts = 1
        for call in [write, decryption] {
            MetricsScope.record(call, in: MetricsScope.current)
        }
        return Answer(text: "done")
    }
}

/// Adds metrics in init and in the handler, right ones and wrong ones; throws what the event says.
struct MetricsFunction: LambdaFunction {
    init(_ start: Initialization) {
        InvocationMetrics.current.add("Started", 1, .count)
    }

    func handle(_ order: Order, _ context: Context) throws -> Answer {
        context.metrics.add("OrdersPlaced", order.count ?? 0, .count)
        context.metrics.add("Weight", .nan)
        context.metrics.separate(namespace: "Shop", dimensions: ["carrier": "dhl"]).add("ParcelsSent", 1, .count)
        if let text = order.text { throw OrderRefused(description: text) }
        return Answer(text: "\(context.metrics.kmsCalls)", count: context.metrics.values(of: "OrdersPlaced").count)
    }
}

/// Adds more metrics than one line holds, then computes for as many milliseconds as the event says.
struct BusyMetricsFunction: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) -> Answer {
        for number in 0..<1_000 { context.metrics.add("Weight", Double(number) / 3) }
        context.metrics.addDimensions(["shop": "berlin"])
        context.metrics.separate(dimensions: ["carrier": "dhl"]).add("ParcelsSent", 1, .count)
        let end = ContinuousClock.now + .milliseconds(order.count ?? 0)
        while ContinuousClock.now < end {}
        context.metrics.add("Weight", 1_000)
        return Answer(text: "done")
    }
}
