import Glibc
import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire

/// A thread that watches the open invocation from outside the loop: shortly before Lambda kills the process it cancels
/// the handler and then writes the invocation's line; it also writes it when the process is told to end.
///
/// The loop can do none of it while a handler computes or sleeps in C. The thread takes SIGTERM, which is blocked
/// everywhere else, so that no handler of it ever runs.
final class Watchdog: Sendable {
    private struct Watched: Sendable {
        let scope: MetricsScope
        let reporter: InvocationReporter
        let handlerStart: Moment
        var isCancelled = false

        // Worked out when they are looked at: most invocations end before anybody does.
        var cancelTime: Moment { time(cancelLead, cancelShare) }
        var guardTime: Moment { time(guardLead, guardShare) }

        private func time(_ lead: Duration, _ share: Int) -> Moment {
            let deadline = scope.invocation.end ?? handlerStart + .seconds(900)
            return deadline - min(lead, handlerStart.duration(to: deadline) / share)
        }
    }

    private struct State {
        var open: Watched?
        var cancel: (@Sendable () -> Void)?
    }

    // Read at least this often. The shortest timeout of a function is one second, so that a deadline is always
    // known long before its guard time.
    private static let interval = Duration.milliseconds(100)
    private static let loopInterval = Duration.milliseconds(500)
    // Lets the line out well before the deadline, without taking much of a short invocation; and before it the
    // handler, for what it can still save.
    private static let guardLead = Duration.milliseconds(50)
    private static let guardShare = 60
    private static let cancelLead = Duration.milliseconds(100)
    private static let cancelShare = 30
    private static let stackBytes = 64 << 10

    private let state = Mutex(State())
    private let lastWork = Mutex<(@Sendable () -> Void)?>(nil)

    /// Starts a watchdog before any other thread exists, with a thread of its own where there are lines to save.
    ///
    /// At level `none` there are none, and one thread alone makes cheaper system calls: ``cancelFromLoop(sleep:)`` does
    /// there what can be done without.
    static func start(for configuration: Result<MetricsConfiguration, any Error>) -> Watchdog {
        if case .success(let configuration) = configuration, configuration.level == .none { return Watchdog() }
        let watchdog = Watchdog()
        watchdog.startThread()
        return watchdog
    }

    private init() {
        // SIGTERM ends a process without the thread by itself, unless who started it had it blocked.
        var signals = Self.signals
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Starts the thread.
    ///
    /// Call it before any other thread exists: it blocks SIGTERM for all that follow.
    private func startThread() {
        var signals = Self.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let result = DetachedThread.start(stackBytes: Self.stackBytes) { self.run() }
        guard result == 0 else {
            fatalError("Watchdog: no thread could be started (\(String(cString: strerror(result))))")
        }
    }

    /// Cancels handlers from the loop for ever; one that never suspends is not reached.
    ///
    /// - Throws: What `sleep` throws.
    func cancelFromLoop(sleep: (Duration) async throws -> Void) async throws -> Never {
        while true {
            let open = state.withLock { $0.open }
            var wait = Self.loopInterval
            if let open, !open.isCancelled {
                if open.cancelTime <= .now { cancel(open) } else { wait = min(wait, open.cancelTime.timeLeft) }
            }
            try await sleep(wait)
        }
    }

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

    /// Has `work` done when the process is told to end, after the open invocation's line.
    func willTerminate(_ work: @escaping @Sendable () -> Void) {
        lastWork.withLock { $0 = work }
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        return signals
    }

    private func run() -> Never {
        var signals = Self.signals
        while true {
            let open = state.withLock { $0.open }
            let untilNext = open.map { ($0.isCancelled ? $0.guardTime : $0.cancelTime).timeLeft } ?? Self.interval
            var wait = timespec(max(.zero, min(untilNext, Self.interval)))
            if sigtimedwait(&signals, nil, &wait) == SIGTERM { terminate() }
            guard let open else { continue }
            if open.cancelTime <= .now, !open.isCancelled { cancel(open) }
            if open.guardTime <= .now { tell(open, .timeout) }
        }
    }

    private func cancel(_ invocation: Watched) {
        // Under the lock, so that no later invocation is cancelled in place of this one.
        state.withLock { state in
            guard state.open?.scope === invocation.scope else { return }
            state.open?.isCancelled = true
            state.cancel?()
        }
    }

    private func tell(_ invocation: Watched, _ outcome: InvocationOutcome) {
        invocation.reporter.write(
            outcome, errorType: outcome.rawValue, of: invocation.scope, handlerStart: invocation.handlerStart)
        state.withLock { if $0.open?.scope === invocation.scope { $0.open = nil } }
    }

    /// Ends the process as SIGTERM would have, after the open invocation's line.
    private func terminate() -> Never {
        if let open = state.withLock({ $0.open }) { tell(open, .shutdown) }
        // The loop may be at it as well.
        ProcessEnding.settle()
        lastWork.withLock { $0 }?()
        signal(SIGTERM, SIG_DFL)
        var signals = Self.signals
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        kill(getpid(), SIGTERM)
        exit(128 + SIGTERM)
    }
}

extension timespec {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    }
}
