import Glibc
import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire

/// A thread that watches the open invocations from outside their loops: shortly before Lambda kills the process it
/// cancels a handler and then writes the invocation's line; it also writes the open lines when the process is told to
/// end.
///
/// A loop can do none of it while a handler computes or sleeps in C. The thread takes SIGTERM, which is blocked
/// everywhere else, so that no handler of it ever runs.
package final class Watchdog: Sendable {
    // Read at least this often. The shortest timeout of a function is one second, so that a deadline is always
    // known long before its guard time.
    private static let interval = Duration.milliseconds(100)
    private static let loopInterval = Duration.milliseconds(500)
    static let stackBytes = 64 << 10

    private let lanes = Mutex<[WatchdogLane]>([])
    private let lastWork = Mutex<(@Sendable () -> Void)?>(nil)
    private let hasThread = Atomic(false)

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

    /// Creates a watchdog without a thread.
    package init() {
        // SIGTERM ends a process without the thread by itself, unless who started it had it blocked.
        var signals = Self.signals
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Starts the thread, unless it runs.
    ///
    /// Call it on the main thread, and best before any other exists: SIGTERM is blocked for those that follow.
    func startThread() {
        guard !hasThread.exchange(true, ordering: .relaxed) else { return }
        var signals = Self.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let result = DetachedThread.start(stackBytes: Self.stackBytes) { self.run() }
        guard result == 0 else {
            fatalError("Watchdog: no thread could be started (\(String(cString: strerror(result))))")
        }
    }

    /// Cancels handlers from the loop for ever; one that keeps the loop busy is not reached.
    ///
    /// - Parameter sleep: Waits.
    /// - Throws: What `sleep` throws.
    package func cancelFromLoop(sleep: (Duration) async throws -> Void) async throws -> Never {
        while true {
            var wait = Self.loopInterval
            for lane in lanes.withLock({ $0 }) {
                guard let open = lane.open, !open.isCancelled else { continue }
                if open.cancelTime <= .now { lane.cancel(open) } else { wait = min(wait, open.cancelTime.timeLeft) }
            }
            try await sleep(wait)
        }
    }

    /// Adds a loop that takes events.
    ///
    /// - Returns: Where it tells of them.
    func lane() -> WatchdogLane {
        let lane = WatchdogLane()
        lanes.withLock { $0.append(lane) }
        return lane
    }

    /// Has `work` done when the process is told to end, after the open invocations' lines.
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
            let lanes = lanes.withLock { $0 }
            let untilNext = lanes.compactMap { $0.open?.nextTime.timeLeft }.min() ?? Self.interval
            var wait = timespec(max(.zero, min(untilNext, Self.interval)))
            if sigtimedwait(&signals, nil, &wait) == SIGTERM { terminate() }
            for lane in lanes {
                guard let open = lane.open else { continue }
                if open.cancelTime <= .now, !open.isCancelled { lane.cancel(open) }
                if open.guardTime <= .now { lane.tell(open, .timeout) }
            }
        }
    }

    /// Ends the process as SIGTERM would have, after the open invocations' lines.
    private func terminate() -> Never {
        for lane in lanes.withLock({ $0 }) {
            if let open = lane.open { lane.tell(open, .shutdown) }
        }
        // A loop may be at it as well.
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
