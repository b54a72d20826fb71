import TallyMetrics
import TallyWire

/// The line of an invocation whose handler is at work.
struct PendingLine: Sendable {
    let scope: MetricsScope
    let reporter: InvocationReporter
    let handlerStart: Moment
    let context: Context

    /// Writes the line, unless the watchdog has; then the log is told what became of the handler.
    func tell(_ error: (any Error)?) {
        let errorType = error.map { Diagnostic($0).type }
        guard !reporter.write(outcome(of: error), errorType: errorType, of: scope, handlerStart: handlerStart)
        else { return }
        let elapsed = Int(handlerStart.duration(to: .now) / .milliseconds(1))
        context.logger.warning(
            "the handler ended after the line of its invocation was written",
            ["result": errorType ?? "success", "handlerMilliseconds": elapsed])
    }

    private func outcome(of error: (any Error)?) -> InvocationOutcome {
        guard let error else { return .success }
        if (error as? RuntimeError)?.code == .responseTooLarge { return .responseTooLarge }
        return Task.isCancelled ? .timeout : .error
    }
}
