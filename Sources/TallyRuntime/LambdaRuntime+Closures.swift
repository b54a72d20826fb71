extension LambdaRuntime {
    /// Runs a closure as function, for a `main.swift`.
    ///
    ///     LambdaRuntime.run { (person: Person, context: Context) in
    ///         Greeting(text: "Hello \(person.name)")
    ///     }
    ///
    /// It need not be `Sendable`, since it is called for one event after another. On managed instances, which hand out
    /// several at once, that is an error of init: make the function a type that conforms to ``LambdaFunction``.
    ///
    /// - Parameter handle: Handles one event, decoded from JSON; its output is encoded as JSON.
    public static func run<Event: Decodable & Sendable, Output: Encodable & Sendable>(
        _ handle: @escaping (Event, Context) async throws -> Output
    ) -> Never {
        run(closure: { event, context in try Payload(encoding: await handle(event.decoded(), context)) })
    }

    /// Runs a closure as function that answers nothing.
    ///
    /// - Parameter handle: Handles one event, decoded from JSON.
    public static func run<Event: Decodable & Sendable>(
        _ handle: @escaping (Event, Context) async throws -> Void
    ) -> Never {
        run(closure: { event, context in
            try await handle(event.decoded(), context)
            return .null
        })
    }

    /// Runs a closure as function that streams its answers.
    ///
    /// - Parameter handle: Handles one event, decoded from JSON.
    public static func run<Event: Decodable & Sendable>(
        _ handle: @escaping (Event, Context) async throws -> StreamingResponse
    ) -> Never {
        run(closure: { event, context in try Payload(streaming: await handle(event.decoded(), context)) })
    }

    /// Runs a closure as function that takes and answers bytes.
    ///
    /// - Parameter handle: Handles one event.
    public static func run(_ handle: @escaping (Payload, Context) async throws -> Payload) -> Never {
        run(closure: handle)
    }

    private static func run(closure body: @escaping (Payload, Context) async throws -> Payload) -> Never {
        let handler = ClosureHandler(body: body)
        run { start in
            guard start.concurrency == 1 else {
                throw RuntimeError(
                    .notConcurrent,
                    "LambdaRuntime.run with a closure: it takes one event at a time, and AWS_LAMBDA_MAX_CONCURRENCY is "
                        + "\(start.concurrency). Make the function a type that conforms to LambdaFunction, which is "
                        + "Sendable")
            }
            return handler
        }
    }
}

/// A closure as handler.
///
/// Why `@unchecked Sendable`: init refuses it under managed concurrency, and without that the loop calls the closure
/// for one invocation after another, so that what it captures is never touched by two at once.
struct ClosureHandler: LambdaHandler, @unchecked Sendable {
    let body: (Payload, Context) async throws -> Payload

    func handle(_ event: Payload, _ context: Context) async throws -> Payload {
        try await body(event, context)
    }
}
