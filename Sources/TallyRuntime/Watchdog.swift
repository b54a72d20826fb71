import Glibc
import Synchronization
import TallyHTTP
import TallyMetrics

/// A thread that watches the open invocation from outside the loop: it writes the invocation's line shortly before
/// Lambda kills the process, and when the process is told to end.
///
/// The loop cannot do either while a handler computes or sleeps in C. The thread takes signals that are blocked
/// everywhere else, so that no signal handler ever runs.
final class Watchdog: Sendable {
    private struct Watched: Sendable {
        let scope: MetricsScope
        let reporter: InvocationReporter
        let handlerStart: ContinuousClock.Instant
        let guardTime: ContinuousClock.Instant
    }

    // Read at least this often. The shortest timeout of a function is one second, so that a deadline is always
    // known long before its guard time.
    private static let interval = Duration.milliseconds(100)
    // Lets the line out well before the deadline, without taking much of a short invocation.
    private static let lead = Duration.milliseconds(50)
    private static let leadShare = 60
    private static let stackBytes = 64 << 10

    private let watched = Mutex<Watched?>(nil)

    /// Starts a watchdog where there are lines to save, before any other thread exists.
    ///
    /// - Returns: `nil` at level `none`: one thread alone makes cheaper system calls.
    static func start(for configuration: Result<MetricsConfiguration, any Error>) -> Watchdog? {
        guard case .success(let configuration) = configuration, configuration.level == .none else { return Watchdog() }
        // Then SIGTERM ends the process by itself, unless who started it had it blocked.
        var signals = Self.signals
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        return nil
    }

    /// Starts the thread.
    ///
    /// Call it before any other thread exists: it blocks SIGTERM for all that follow.
    private init() {
        var signals = Self.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let result = DetachedThread.start(stackBytes: Self.stackBytes) { self.run() }
        guard result == 0 else {
            fatalError("Watchdog: no thread could be started (\(String(cString: strerror(result))))")
        }
    }

    /// Watches an invocation from here on.
    func watch(_ scope: MetricsScope, reporter: InvocationReporter, handlerStart: ContinuousClock.Instant) {
        let deadline = scope.invocation.deadline ?? handlerStart + .seconds(900)
        let lead = min(Self.lead, (deadline - handlerStart) / Self.leadShare)
        let entry = Watched(scope: scope, reporter: reporter, handlerStart: handlerStart, guardTime: deadline - lead)
        watched.withLock { $0 = entry }
    }

    /// Stops watching: the invocation has its line.
    func rest() {
        watched.withLock { $0 = nil }
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
            let open = watched.withLock { $0 }
            let untilGuard = open.map { $0.guardTime - .now } ?? Self.interval
            var wait = timespec(max(.zero, min(untilGuard, Self.interval)))
            if sigtimedwait(&signals, nil, &wait) == SIGTERM { terminate() }
            if let open, open.guardTime <= .now { tell(open, .timeout) }
        }
    }

    private func tell(_ invocation: Watched, _ outcome: InvocationOutcome) {
        invocation.reporter.write(
            outcome, errorType: outcome.rawValue, of: invocation.scope, handlerStart: invocation.handlerStart)
        watched.withLock { if $0?.scope === invocation.scope { $0 = nil } }
    }

    /// Ends the process as SIGTERM would have, after the open invocation's line.
    private func terminate() -> Never {
        if let open = watched.withLock({ $0 }) { tell(open, .shutdown) }
        // The loop may be at it as well.
        ProcessEnding.settle()
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
