import Glibc
import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire

/// Takes one event after another: handle, tell, answer.
package final class InvocationLoop: Sendable {
    /// Decodes an event, handles it and encodes the output; without the handler's type, so that all else here is
    /// compiled for no type but its own.
    private let handle: @Sendable (Payload, Context) async throws -> Payload
    private let client: RuntimeClient
    private let reporter: InvocationReporter
    private let watchdog: Watchdog
    /// Runs the handlers, and all else; `nil` for those threads that the processor has room for.
    private let executor: (any TaskExecutor)?
    private let concurrency: Int
    private let hasEnded: (@Sendable (Context) -> Void)?
    private let isFirst = Atomic(true)

    /// What an invocation came to.
    fileprivate enum Result {
        case answer(Payload)
        case failure(any Error)
        /// The Runtime API has the answer.
        case answered
    }

    /// An invocation whose handler has ended.
    private struct Handled: Sendable {
        let invocation: Invocation
        let context: Context
        let result: Result
    }

    /// Creates a loop.
    ///
    /// - Parameters:
    ///   - client: Where events come from.
    ///   - reporter: Writes their lines.
    ///   - watchdog: Watches over their time.
    ///   - executor: Runs all of it, one event at a time; the global executor where there may be several.
    ///   - concurrency: How many events are handled at once.
    ///   - hasEnded: Learns of each invocation that is answered and told, before the next event is asked for.
    ///   - handle: Decodes, handles and encodes.
    package init(
        client: RuntimeClient, reporter: InvocationReporter, watchdog: Watchdog, executor: (any TaskExecutor)?,
        concurrency: Int = 1, hasEnded: (@Sendable (Context) -> Void)? = nil,
        handle: @escaping @Sendable (Payload, Context) async throws -> Payload
    ) {
        self.handle = handle
        self.client = client
        self.reporter = reporter
        self.watchdog = watchdog
        self.executor = concurrency == 1 ? executor : nil
        self.hasEnded = hasEnded
        self.concurrency = concurrency
    }

    /// Runs until the Runtime API is gone.
    ///
    /// - Throws: ``RuntimeError`` when there is nobody left to ask for events.
    package nonisolated(nonsending) func run() async throws -> Never {
        guard concurrency > 1 else { try await runLane() }
        let (failures, failure) = AsyncStream.makeStream(of: (any Error).self)
        for _ in 0..<concurrency {
            // Not in a group, which would wait for the others: they may be at events that never come.
            Task(executorPreference: globalConcurrentExecutor) {
                do { try await self.runLane() } catch { failure.yield(error) }
            }
        }
        for await first in failures { throw first }
        throw CancellationError()
    }

    /// Takes one event at a time.
    private nonisolated(nonsending) func runLane() async throws -> Never {
        let lane = watchdog.lane()
        while true {
            // A task that was cancelled stays so. One that serves until then costs an invocation nothing; a task for
            // each would.
            let series = Task(executorPreference: executor) { try await self.serve(lane) }
            lane.serve { series.cancel() }
            try await finish(try await series.value)
        }
    }

    /// Takes one event after another, until one's handler is cancelled.
    private func serve(_ lane: WatchdogLane) async throws -> Handled {
        while true {
            let handled = try await process(try await client.next(), lane)
            if Task.isCancelled { return handled }
            try await finish(handled)
        }
    }

    private nonisolated(nonsending) func process(
        _ invocation: Invocation, _ lane: WatchdogLane
    ) async throws -> Handled {
        let start = Moment.now
        let info = InvocationInfo(
            requestID: invocation.requestID, beginning: start, end: invocation.end,
            traceHeader: invocation.traceID, tenantID: invocation.tenantID)
        let scope = reporter.scope(for: info, deadline: invocation.deadline)
        exportTrace(invocation.traceID)
        lane.watch(scope, reporter: reporter, handlerStart: start)
        defer { lane.rest() }
        let isFirst = isFirst.exchange(false, ordering: .relaxed)
        let context = Context(invocation, isColdStart: isFirst, logger: reporter.logger, scope: scope)

        let result = await MetricsScope.$current.withValue(scope) { await handle(invocation, context) }

        let line = PendingLine(scope: scope, reporter: reporter, handlerStart: start, context: context)
        if case .answer(let payload) = result, payload.isStreamed || !context.afterwork.isEmpty {
            let result = try await MetricsScope.$current.withValue(scope) {
                try await goOn(with: payload, invocation, line)
            }
            return Handled(invocation: invocation, context: context, result: result)
        }
        // Before the answer: once Lambda has it, the process may be frozen.
        line.tell(result.error)
        return Handled(invocation: invocation, context: context, result: result)
    }

    private nonisolated(nonsending) func handle(_ invocation: Invocation, _ context: Context) async -> Result {
        do {
            let payload = try await handle(context.event, context)
            try payload.checkAsAnswer()
            return .answer(payload)
        } catch {
            return .failure(Self.explained(error, invocation))
        }
    }

    /// What a handler that was cancelled at its deadline throws says nothing of it.
    private static func explained(_ error: any Error, _ invocation: Invocation) -> any Error {
        guard Task.isCancelled, error is CancellationError else { return error }
        return RuntimeError(
            .timedOut,
            "handler: cancelled shortly before the deadline of request \(invocation.requestID). Give the function a "
                + "longer timeout or less to do")
    }
}

// MARK: - Answers

extension InvocationLoop {
    /// Sends an answer whose handler has still something to do.
    private nonisolated(nonsending) func goOn(
        with payload: Payload, _ invocation: Invocation, _ line: PendingLine
    ) async throws -> Result {
        let afterwork = line.context.afterwork
        guard let response = payload.stream?.response else {
            // In a task of its own: the answer must not be given up when this one is cancelled.
            try await Task(executorPreference: executor) { try await self.answer(invocation, .answer(payload)) }.value
            line.tell(await run(afterwork, line.context))
            return .answered
        }
        let answer = StreamedAnswer(prelude: response.prelude?.bytes ?? [], executor: executor) { [client] pipe in
            try await client.respond(to: invocation.requestID, with: pipe, contentType: response.contentType)
        }
        var failure: (any Error)?
        do {
            try await response.body(ResponseWriter(answer: answer))
        } catch {
            failure = Self.explained(error, invocation)
        }
        if let failure, !answer.hasBegun {
            line.tell(failure)
            return .failure(failure)
        }
        let isLast = failure != nil || afterwork.isEmpty
        if isLast { line.tell(failure) }
        answer.end(failure.map(Diagnostic.init))
        await tell(of: answer, to: invocation)
        if !isLast { line.tell(await run(afterwork, line.context)) }
        return .answered
    }

    /// Does what was to be done after the answer.
    private nonisolated(nonsending) func run(_ afterwork: Afterwork, _ context: Context) async -> (any Error)? {
        guard let error = await afterwork.run() else { return nil }
        let diagnostic = Diagnostic(error)
        context.logger.error(
            "what was to be done after the response failed",
            ["errorType": diagnostic.type, "errorMessage": diagnostic.message])
        return error
    }

    private nonisolated(nonsending) func finish(_ handled: Handled) async throws {
        try await answer(handled.invocation, handled.result)
        await flush(before: handled.invocation.end)
        hasEnded?(handled.context)
    }

    private nonisolated(nonsending) func flush(before end: Moment) async {
        // After the answer, which nobody waits longer for; before the next event, since Lambda freezes the process
        // then.
        guard let exporter = reporter.exporter else { return }
        let reserve = Duration.milliseconds(100)
        await exporter.flush(within: end.timeLeft - reserve)
    }

    private nonisolated(nonsending) func answer(_ invocation: Invocation, _ result: Result) async throws {
        switch result {
        case .answered: break
        case .answer(let payload):
            try await check(invocation) { try await client.respond(to: invocation.requestID, with: payload) }
        case .failure(let error):
            try await check(invocation) { try await client.report(Diagnostic(error), of: invocation.requestID) }
        }
    }

    /// Tells of an answer that the Runtime API did not take.
    private nonisolated(nonsending) func check(
        _ invocation: Invocation, _ post: () async throws -> Int
    ) async throws {
        let status: Int
        do {
            status = try await post()
        } catch {
            throw RuntimeError(.apiLost, "answer to request \(invocation.requestID): \(error)")
        }
        if status != 202 { logger(of: invocation).refused(status) }
    }

    /// Tells of a streamed answer that did not arrive whole.
    ///
    /// Its bytes are gone, and nobody is left to hear more of it: the process goes on. If the Runtime API is gone with
    /// its connection, that shows when the next event is asked for.
    private nonisolated(nonsending) func tell(of answer: StreamedAnswer, to invocation: Invocation) async {
        do {
            let status = try await answer.status
            if status != 202 { logger(of: invocation).refused(status) }
        } catch {
            logger(of: invocation).error("the streamed answer broke off", ["error": "\(error)"])
        }
    }

    private func logger(of invocation: Invocation) -> Logger {
        reporter.logger.describing(
            InvocationInfo(
                requestID: invocation.requestID, traceHeader: invocation.traceID, tenantID: invocation.tenantID))
    }

    /// Tells the X-Ray tools of the process which trace the invocation belongs to, where there is one at a time.
    private func exportTrace(_ traceID: String?) {
        guard concurrency == 1 else { return }
        if let traceID {
            setenv("_X_AMZN_TRACE_ID", traceID, 1)
        } else {
            unsetenv("_X_AMZN_TRACE_ID")
        }
    }
}

extension Logger {
    // Another post would be refused as well: the invocation is closed for the Runtime API.
    fileprivate func refused(_ status: Int) {
        error("the Runtime API refused the answer", ["status": status])
    }
}

extension InvocationLoop.Result {
    fileprivate var error: (any Error)? {
        if case .failure(let error) = self { error } else { nil }
    }
}
