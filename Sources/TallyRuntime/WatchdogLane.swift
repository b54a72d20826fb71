import Synchronization
import TallyMetrics
import TallyWire

/// The open invocation of one loop that takes events, as the ``Watchdog`` sees it.
final class WatchdogLane: Sendable {
    struct Watched: Sendable {
        let scope: MetricsScope
        let reporter: InvocationReporter
        let handlerStart: Moment
        var isCancelled = false

        // Worked out when they are looked at: most invocations end before anybody does.
        var cancelTime: Moment { time(WatchdogLane.cancelLead, WatchdogLane.cancelShare) }
        var guardTime: Moment { time(WatchdogLane.guardLead, WatchdogLane.guardShare) }
        /// When there is something to do next.
        var nextTime: Moment { isCancelled ? guardTime : cancelTime }

        private func time(_ lead: Duration, _ share: Int) -> Moment {
            let deadline = scope.invocation.end ?? handlerStart + .seconds(900)
            return deadline - min(lead, handlerStart.duration(to: deadline) / share)
        }
    }

    private struct State {
        var open: Watched?
        var cancel: (@Sendable () -> Void)?
    }

    // Lets the line out well before the deadline, without taking much of a short invocation; and before it the
    // handler, for what it can still save.
    private static let guardLead = Duration.milliseconds(50)
    private static let guardShare = 60
    private static let cancelLead = Duration.milliseconds(100)
    private static let cancelShare = 30

    private let state = Mutex(State())

    /// Learns how to cancel the task in which the next invocations are handled.
    func serve(cancelling cancel: @escaping @Sendable () -> Void) {
        state.withLock { $0.cancel = cancel }
    }

    /// Watches an invocation from here on.
    func watch(_ scope: MetricsScope, reporter: InvocationReporter, handlerStart: Moment) {
        let entry = Watched(scope: scope, reporter: reporter, handlerStart: handlerStart)
        state.withLock { $0.open = entry }
    }

    /// Stops watching: the invocation has its line.
    func rest() {
        state.withLock { $0.open = nil }
    }

    /// The open invocation.
    var open: Watched? { state.withLock { $0.open } }

    /// Cancels the handler of an invocation, if it is still open.
    func cancel(_ invocation: Watched) {
        // Under the lock, so that no later invocation is cancelled in place of this one.
        state.withLock { state in
            guard state.open?.scope === invocation.scope else { return }
            state.open?.isCancelled = true
            state.cancel?()
        }
    }

    /// Writes the line of an invocation, unless somebody has.
    func tell(_ invocation: Watched, _ outcome: InvocationOutcome) {
        invocation.reporter.write(
            outcome, errorType: outcome.rawValue, of: invocation.scope, handlerStart: invocation.handlerStart)
        state.withLock { if $0.open?.scope === invocation.scope { $0.open = nil } }
    }
}
