import Glibc
import TallyHTTP
import TallyMetrics

/// Takes one event after another: handle, tell, answer.
struct InvocationLoop: Sendable {
    /// Decodes an event, handles it and encodes the output; without the handler's type, so that all else here is
    /// compiled for no type but its own.
    let handle: @Sendable ([UInt8], Context) async throws -> Payload
    let client: RuntimeClient
    let reporter: InvocationReporter
    let watchdog: Watchdog?

    /// What an invocation came to.
    private enum Result {
        case answer(Payload)
        case failure(any Error)
    }

    /// Runs until the Runtime API is gone.
    ///
    /// - Throws: ``RuntimeError`` when there is nobody left to ask for events.
    nonisolated(nonsending) func run() async throws -> Never {
        var isFirst = true
        while true {
            let invocation = try await client.next()
            try await process(invocation, isFirst: isFirst)
            isFirst = false
        }
    }

    private nonisolated(nonsending) func process(_ invocation: Invocation, isFirst: Bool) async throws {
        let start = ContinuousClock.now
        let info = InvocationInfo(
            requestID: invocation.requestID, start: start, deadline: InvocationInfo.instant(of: invocation.deadline),
            traceHeader: invocation.traceID, tenantID: invocation.tenantID)
        let scope = reporter.scope(for: info, deadline: invocation.deadline)
        exportTrace(invocation.traceID)
        watchdog?.watch(scope, reporter: reporter, handlerStart: start)
        let context = Context(invocation, isColdStart: isFirst, logger: reporter.logger, scope: scope)

        let result = await MetricsScope.$current.withValue(scope) { await handle(invocation, context) }

        // Before the answer: once Lambda has it, the process may be frozen.
        switch result {
        case .answer:
            reporter.write(.success, of: scope, handlerStart: start)
        case .failure(let error):
            let outcome: InvocationOutcome =
                (error as? RuntimeError)?.code == .responseTooLarge ? .responseTooLarge : .error
            reporter.write(outcome, errorType: Diagnostic(error).type, of: scope, handlerStart: start)
        }
        watchdog?.rest()
        try await answer(invocation, result, logger: context.logger)
    }

    private nonisolated(nonsending) func handle(_ invocation: Invocation, _ context: Context) async -> Result {
        do {
            let payload = try await handle(invocation.event, context)
            guard payload.bytes.count <= Payload.maximumByteCount else {
                throw RuntimeError(
                    .responseTooLarge,
                    "response: \(payload.bytes.count) bytes, Lambda takes \(Payload.maximumByteCount). "
                        + "Put the content into S3 and answer with a presigned URL")
            }
            return .answer(payload)
        } catch {
            return .failure(error)
        }
    }

    private nonisolated(nonsending) func answer(
        _ invocation: Invocation, _ result: Result, logger: Logger
    ) async throws {
        let status: Int
        switch result {
        case .answer(let payload): status = try await client.respond(to: invocation.requestID, with: payload)
        case .failure(let error): status = try await client.report(Diagnostic(error), of: invocation.requestID)
        }
        // Another post would be refused as well: the invocation is closed for the Runtime API.
        if status != 202 { logger.error("the Runtime API refused the answer", ["status": status]) }
    }

    /// Tells the X-Ray tools of the process which trace the invocation belongs to.
    private func exportTrace(_ traceID: String?) {
        if let traceID {
            setenv("_X_AMZN_TRACE_ID", traceID, 1)
        } else {
            unsetenv("_X_AMZN_TRACE_ID")
        }
    }
}
