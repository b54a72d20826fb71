/// What stands around a function's handling of each event: it may change the event, answer in the function's place,
/// look at what came of it, or do something before and after.
///
///     struct Audit: InvocationMiddleware {
///         func handle(
///             _ event: Payload, _ context: Context, next: @Sendable (Payload, Context) async throws -> Payload
///         ) async throws -> Payload {
///             do {
///                 let answer = try await next(event, context)
///                 context.logger.info("answered", ["bytes": answer.bytes.count])
///                 return answer
///             } catch {
///                 context.logger.warning("refused", ["error": "\(type(of: error))"])
///                 throw error
///             }
///         }
///     }
///
/// It works inside the invocation: within its metrics scope, its time and its cancellation.
public protocol InvocationMiddleware: Sendable {
    /// Handles one event, mostly by having `next` do it.
    ///
    /// - Parameters:
    ///   - event: The event, as Lambda delivered it or as the middleware before made it.
    ///   - context: What is known of the invocation.
    ///   - next: The next middleware, or the function: decodes, handles and encodes. It may be left out, and called again.
    /// - Returns: The answer.
    /// - Throws: Anything; it is reported as the invocation's error.
    func handle(
        _ event: Payload, _ context: Context, next: @Sendable (Payload, Context) async throws -> Payload
    ) async throws -> Payload
}

extension LambdaHandler {
    /// Decodes, handles and encodes, with the middleware around.
    ///
    /// - Parameters:
    ///   - event: The event as it came.
    ///   - context: What is known of the invocation.
    /// - Returns: The answer.
    /// - Throws: What any of them throws.
    package func process(_ event: Payload, _ context: Context) async throws -> Payload {
        try await process(event, context, middleware[...])
    }

    private func process(
        _ event: Payload, _ context: Context, _ middleware: ArraySlice<any InvocationMiddleware>
    ) async throws -> Payload {
        guard let first = middleware.first else {
            return try Self.encode(try await handle(try Self.decode(event.bytes), context))
        }
        let rest = middleware.dropFirst()
        return try await first.handle(event, context) { event, context in
            try await process(event, context, rest)
        }
    }
}
