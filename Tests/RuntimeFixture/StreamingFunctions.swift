import Glibc
import Synchronization
import TallyMetrics
import TallyRuntime
import TallyWire

/// Streams as the event says: its number of pieces of 4 KiB, then the ending that its text names.
struct StreamingFunction: LambdaFunction {
    private let start: Initialization

    init(_ start: Initialization) {
        self.start = start
    }

    func handle(_ order: Order, _ context: Context) -> StreamingResponse {
        let count = order.count ?? 0
        let ending = order.text ?? ""
        let body: @Sendable (ResponseWriter) async throws -> Void = { [start] writer in
            context.logger.info("begun")
            let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 4_096)
            for _ in 0..<count { try await writer.write(piece) }
            switch ending {
            case "throw": throw OrderRefused(description: "no stock é\n")
            case "throw much": throw OrderRefused(description: String(repeating: "\u{1}", count: 100_000))
            case "throw long": throw OrderRefused(description: String(repeating: "x", count: 50_000))
            case "flush and throw":
                try await writer.flush()
                throw OrderRefused(description: "no stock")
            case "suspend":
                try await writer.flush()
                try await start.sleep(.seconds(600))
            case "finish":
                try await writer.write("done")
                try await writer.finish()
                context.logger.info("finished")
                context.metrics.add("After", 1, .count)
            case "finish and throw":
                try await writer.finish()
                throw OrderRefused(description: "too late")
            case "write after finish":
                try await writer.finish()
                try await writer.write("more")
            case "forever":
                while true { try await writer.write(piece) }
            default: break
            }
        }
        guard ending.hasPrefix("status") else { return StreamingResponse(contentType: "text/plain", body: body) }
        return StreamingResponse(
            status: ending == "status" ? 201 : 1_000,
            headers: ["Content-Type": "text/csv", "X-É": "1"].filter { entry in
                ending != "status" || entry.key != "X-É"
            }, cookies: ["a=b", "c=d"], body: body)
    }
}

/// Has something done after its answer, as the event says.
struct AfterworkFunction: LambdaFunction {
    private let start: Initialization

    init(_ start: Initialization) {
        self.start = start
    }

    func handle(_ order: Order, _ context: Context) throws -> Answer {
        context.afterResponse { [start] in
            context.logger.info("begun")
            context.metrics.add("After", 1, .count)
            switch order.text {
            case "throw after": throw OrderRefused(description: "too late")
            case "suspend after": try await start.sleep(.seconds(600))
            default: break
            }
        }
        context.afterResponse { context.logger.info("the second") }
        if order.text == "throw" { throw OrderRefused(description: "no stock") }
        return Answer(text: "answered")
    }
}

/// An error with a type and a place of its own.
struct OutOfStock: DiagnosableError, CustomStringConvertible {
    var errorType: String { "Shop.OutOfStock" }
    var stackTrace: [String] { ["Warehouse.pick(_:)", "Shop.handle(_:_:)"] }
    var description: String { "nothing left" }
}

struct DiagnosableFunction: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ order: Order, _ context: Context) throws -> Answer {
        throw OutOfStock()
    }
}
