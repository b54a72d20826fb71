import Synchronization
import TallyRuntime

struct Refused: Error {}

/// Counts its calls; refuses the first of each event that says so.
final class MiddlewareFunction: LambdaFunction {
    private let served = Mutex(0)

    init(_ start: Initialization) {}

    var middleware: [any InvocationMiddleware] { [Marking(), Remembering(), Repeating()] }

    func handle(_ order: Order, _ context: Context) throws -> Answer {
        let count = served.withLock { served in
            served += 1
            return served
        }
        if order.text == "refuse" || (order.text == "refuse once" && count % 2 == 1) { throw Refused() }
        return Answer(text: order.text ?? "", count: count)
    }
}

/// Changes what the function gets and what it answers.
struct Marking: InvocationMiddleware {
    func handle(
        _ event: Payload, _ context: Context, next: @Sendable (Payload, Context) async throws -> Payload
    ) async throws -> Payload {
        let text = String(decoding: event.bytes, as: UTF8.self)
        guard text != #""mark""# else { return try await next(Payload(Array(#"{"text":"marked"}"#.utf8)), context) }
        return try await next(event, context)
    }
}

/// Answers in the function's place where it has seen an event before.
final class Remembering: InvocationMiddleware {
    private static let answers = Mutex<[Payload: Payload]>([:])

    func handle(
        _ event: Payload, _ context: Context, next: @Sendable (Payload, Context) async throws -> Payload
    ) async throws -> Payload {
        if let answer = Self.answers.withLock({ $0[event] }) { return answer }
        let answer = try await next(event, context)
        Self.answers.withLock { $0[event] = answer }
        return answer
    }
}

/// Has an event handled once more that was refused.
struct Repeating: InvocationMiddleware {
    func handle(
        _ event: Payload, _ context: Context, next: @Sendable (Payload, Context) async throws -> Payload
    ) async throws -> Payload {
        do {
            return try await next(event, context)
        } catch is Refused {
            return try await next(event, context)
        }
    }
}
