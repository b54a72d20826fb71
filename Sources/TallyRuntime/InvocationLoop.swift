import Glibc
import TallyHTTP
import TallyMetrics
import TallyWire

/// Takes one event after another: handle, tell, answer.
struct InvocationLoop: Sendable {
    /// Decodes an event, handles it and encodes the output; without the handler's type, so that all else here is
    /// compiled for no type but its own.
    let handle: @Sendable (Payload, Context) async throws -> Payload
    let client: RuntimeClient
    let reporter: InvocationReporter
    let watchdog: Watchdog
    /// Runs the handlers, and all else.
    let executor: any TaskExecutor

    /// What an invocation came to.
    private enum Result {
        case answer(Payload)
        case failure(any Error)
    }

    /// An invocation whose handler was cancelled.
    private struct Cancelled: Sendable {
        let invocation: Invocation
        let result: Result
    }

    /// Runs until the Runtime API is gone.
    ///
    /// - Throws: ``RuntimeError`` when there is nobody left to ask for events.
    nonisolated(nonsending) func run() async throws -> Never {
        var isFirst = true
        while true {
            // A task that was cancelled stays so. One that serves until then costs an invocation nothing; a task for
            // each would.
            let series = Task(executorPreference: executor) { [isFirst] in try await serve(isFirst: isFirst) }
            watchdog.serve { series.cancel() }
            let cancelled = try await series.value
            try await finish(cancelled.invocation, cancelled.result)
            isFirst = false
        }
    }

    /// Takes one event after another, until one's handler is cancelled.
    private func serve(isFirst: Bool) async throws -> Cancelled {
        var isFirst = isFirst
        while true {
            let invocation = try await client.next()
            let result = await process(invocation, isFirst: isFirst)
            if Task.isCancelled { return Cancelled(invocation: invocation, result: result) }
            try await finish(invocation, result)
            isFirst = false
        }
    }

    private nonisolated(nonsending) func process(_ invocation: Invocation, isFirst: Bool) async -> Result {
        let start = Moment.now
        let info = InvocationInfo(
            requestID: invocation.requestID, beginning: start, end: InvocationInfo.moment(of: invocation.deadline),
            traceHeader: invocation.traceID, tenantID: invocation.tenantID)
        let scope = reporter.scope(for: info, deadline: invocation.deadline)
        exportTrace(invocation.traceID)
        watchdog.watch(scope, reporter: reporter, handlerStart: start)
        let context = Context(invocation, isColdStart: isFirst, logger: reporter.logger, scope: scope)

        let result = await MetricsScope.$current.withValue(scope) { await handle(invocation, context) }

        // Before the answer: once Lambda has it, the process may be frozen.
        tell(result, of: scope, handlerStart: start, context.logger)
        watchdog.rest()
        return result
    }

    private func tell(
        _ result: Result, of scope: MetricsScope, handlerStart: Moment,
        _ logger: @autoclosure () -> Logger
    ) {
        let isTold: Bool
        var errorType: String?
        switch result {
        case .answer:
            isTold = reporter.write(.success, of: scope, handlerStart: handlerStart)
        case .failure(let error):
            let outcome: InvocationOutcome =
                (error as? RuntimeError)?.code == .responseTooLarge
                ? .responseTooLarge : Task.isCancelled ? .timeout : .error
            errorType = Diagnostic(error).type
            isTold = reporter.write(outcome, errorType: errorType, of: scope, handlerStart: handlerStart)
        }
        guard !isTold else { return }
        let elapsed = Int(handlerStart.duration(to: .now) / .milliseconds(1))
        logger().warning(
            "the handler ended after the line of its invocation was written",
            ["result": errorType ?? "success", "handlerMilliseconds": elapsed])
    }

    private nonisolated(nonsending) func handle(_ invocation: Invocation, _ context: Context) async -> Result {
        do {
            let payload = try await handle(context.event, context)
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

    private nonisolated(nonsending) func finish(_ invocation: Invocation, _ result: Result) async throws {
        try await answer(invocation, result)
        // After the answer, which nobody waits longer for; before the next event, since Lambda freezes the process then.
        guard let exporter = reporter.exporter else { return }
        let reserve = Duration.milliseconds(100)
        let end = InvocationInfo.moment(of: invocation.deadline)
        await exporter.flush(within: end.timeLeft - reserve)
    }

    private nonisolated(nonsending) func answer(_ invocation: Invocation, _ result: Result) async throws {
        let status: Int
        do {
            switch result {
            case .answer(let payload): status = try await client.respond(to: invocation.requestID, with: payload)
            case .failure(let error): status = try await client.report(Diagnostic(error), of: invocation.requestID)
            }
        } catch {
            throw RuntimeError(.apiLost, "answer to request \(invocation.requestID): \(error)")
        }
        guard status != 202 else { return }
        // Another post would be refused as well: the invocation is closed for the Runtime API.
        let info = InvocationInfo(
            requestID: invocation.requestID, traceHeader: invocation.traceID, tenantID: invocation.tenantID)
        reporter.logger.describing(info).error("the Runtime API refused the answer", ["status": status])
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
