// One executable with the kinds of function that the tests of the runtime need; `_HANDLER` chooses.
import Glibc
import TallyMetrics
import TallyRuntime

struct Order: Decodable, Sendable {
    var text: String?
    var count: Int?
}

struct Answer: Encodable, Sendable {
    var text: String
    var count = 0
}

struct OrderRefused: Error, CustomStringConvertible {
    let description: String
}

var served = 0

switch getenv("_HANDLER").map({ String(cString: $0) }) {
case "endings": LambdaRuntime.run(EndingFunction.self)
case "closure":
    LambdaRuntime.run { (order: Order, context: Context) in
        served += 1
        return Answer(text: context.requestID, count: served)
    }
case "main-actor": LambdaRuntime.run(MainActorFunction.self)
case "context": LambdaRuntime.run(ContextFunction.self)
case "tasks": LambdaRuntime.run(TasksFunction.self)
case "throws": LambdaRuntime.run(ThrowingFunction.self)
case "init-throws": LambdaRuntime.run(RefusingFunction.self)
case "busy": LambdaRuntime.run(BusyFunction.self)
case "large": LambdaRuntime.run(LargeFunction.self)
case "late": LambdaRuntime.run(LateFunction.self)
case "prices": LambdaRuntime.run(PricesFunction.self)
case "trace": LambdaRuntime.run(TraceFunction.self)
case "busy-metrics": LambdaRuntime.run(BusyMetricsFunction.self)
case "metrics": LambdaRuntime.run(MetricsFunction.self)
case "sink": LambdaRuntime.run(SinkFunction.self)
case "fetch": LambdaRuntime.run(FetchFunction.self)
case "call": LambdaRuntime.run(CallFunction.self)
case "cancel": LambdaRuntime.run(CancelFunction.self)
case "streaming": LambdaRuntime.run(StreamingFunction.self)
case "streaming-closure":
    LambdaRuntime.run { (order: Order, context: Context) in
        StreamingResponse(contentType: "text/plain") { writer in try await writer.write(order.text ?? "") }
    }
case "void-closure": LambdaRuntime.run { (order: Order, context: Context) in context.logger.info("begun") }
case "bytes-closure": LambdaRuntime.run { (event: Payload, context: Context) in event }
case "after": LambdaRuntime.run(AfterworkFunction.self)
case "diagnosable": LambdaRuntime.run(DiagnosableFunction.self)
case "managed": LambdaRuntime.run(ManagedFunction.self)
case "shutdown": LambdaRuntime.run(ShutdownFunction.self)
case "mixed": LambdaRuntime.run(MixedFunction.self)
case "middleware": LambdaRuntime.run(MiddlewareFunction.self)
case let name? where name.hasPrefix("several"):
    LambdaRuntime.run([
        "tasks": TasksFunction.self, "throws": ThrowingFunction.self, "several.dotted": ThrowingFunction.self,
    ])
case let other: fatalError("runtime-fixture: no function \(other ?? "named by _HANDLER")")
}
