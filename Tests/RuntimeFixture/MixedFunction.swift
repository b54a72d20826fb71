import Glibc
import Synchronization
import TallyMetrics
import TallyRuntime
import TallyWire

/// Ends in every way that its process survives, as the event says.
struct MixedFunction: LambdaFunction {
    enum Output {
        case answer(Answer)
        case stream(StreamingResponse)
    }

    private let start: Initialization

    init(_ start: Initialization) {
        self.start = start
    }

    static func encode(_ output: Output) throws -> Payload {
        switch output {
        case .answer(let answer): Payload(try JSONCoder().encode(answer))
        case .stream(let response): try Payload(streaming: response)
        }
    }

    func handle(_ order: Order, _ context: Context) async throws -> Output {
        let number = order.count ?? -1
        for _ in 0..<(number % 4) {
            var call = CallRecord(service: .dynamoDB, operation: "GetItem", start: .now)
            call.attempts = 1
            MetricsScope.record(call, in: MetricsScope.current)
        }
        context.metrics.add("Number", number)
        switch order.text {
        case "throw": throw OrderRefused(description: "\(number)")
        case "too large": return .answer(Answer(text: String(repeating: "x", count: 7_000_000)))
        case "suspend": try await start.sleep(.seconds(600))
        case "after": context.afterResponse { [start] in try await start.sleep(.milliseconds(1)) }
        case "after throws": context.afterResponse { throw OrderRefused(description: "\(number)") }
        case let stream? where stream.hasPrefix("stream"):
            return .stream(
                StreamingResponse(status: 200) { writer in
                    for _ in 0..<3 { try await writer.write([UInt8](repeating: UInt8(ascii: "x"), count: 4_096)) }
                    if stream == "stream throws" { throw OrderRefused(description: "\(number)") }
                    try await writer.write(context.requestID)
                })
        default: await Task.yield()
        }
        return .answer(Answer(text: context.requestID, count: number))
    }
}
