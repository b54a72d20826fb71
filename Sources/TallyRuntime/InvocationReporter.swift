import CTally
import Glibc
import Synchronization
package import TallyMetrics
import TallyWire

/// Writes the metrics line of each invocation, from the loop or from the watchdog, and the further ones that its
/// handler's metrics may need.
package final class InvocationReporter: Sendable {
    private struct FirstLine {
        var isDue = true
        var initDuration: Duration?
        var initMetrics: MetricsSnapshot?
        var userMetrics: UserMetrics?
    }

    /// What is the same on every line.
    package let configuration: MetricsConfiguration
    /// Writes where the lines go.
    package let logger: Logger
    private let line: EMFLine?
    private let output: LineOutput
    private let isProvisioned: Bool
    private let emitter: XRayEmitter?
    /// Hands the figures to further sinks; `nil` where there are none.
    let exporter: MetricsExporter?
    private let first = Mutex(FirstLine())

    /// Creates a reporter.
    ///
    /// - Parameters:
    ///   - configuration: What is the same on every line.
    ///   - initializationType: How Lambda started the process.
    ///   - daemonAddress: The value of `AWS_XRAY_DAEMON_ADDRESS`; one that cannot be used is told in the log, since a
    ///     function without its traces still works.
    ///   - output: Where lines go.
    ///   - sleep: Waits, for the time limits of sinks.
    package init(
        _ configuration: MetricsConfiguration, initializationType: FunctionInfo.InitializationType?,
        daemonAddress: String? = nil,
        output: LineOutput = .standardOutput,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.configuration = configuration
        self.output = output
        logger = Logger(
            minimumLevel: configuration.logLevel, handler: configuration.logHandler ?? JSONLogHandler(output: output),
            service: configuration.service,
            redaction: configuration.redaction)
        exporter = MetricsExporter(configuration, logger: logger, sleep: sleep)
        line = EMFLine(configuration)
        // A process that was started ahead of its first event made nobody wait.
        isProvisioned = [.provisionedConcurrency, .managedInstances].contains(initializationType)
        emitter = Self.emitter(to: configuration.level == .none ? nil : daemonAddress, logger)
    }

    /// Sees to the lines of invocations that a crash or `exit` ends; once a process.
    func installEnding() {
        if let line { ProcessEnding.install(line, isCold: !isProvisioned) }
    }

    private static func emitter(to daemonAddress: String?, _ logger: Logger) -> XRayEmitter? {
        guard let daemonAddress else { return nil }
        do {
            return try XRayEmitter(daemonAddress: daemonAddress)
        } catch {
            logger.error("\(error)")
            return nil
        }
    }

    /// Makes the function, in a scope of its own, and remembers for the first line what that took.
    ///
    /// - Parameters:
    ///   - start: What the function is given.
    ///   - make: Makes it.
    /// - Returns: The function.
    /// - Throws: What `make` throws.
    package func initialise<Handler: LambdaHandler>(
        _ start: Initialization, _ make: @Sendable (Initialization) async throws -> Handler
    ) async throws -> Handler {
        let scope = scope(for: InvocationInfo())
        let handler = try await MetricsScope.$current.withValue(scope) { try await make(start) }
        _ = scope.claimLine()
        remember(timeSinceProcessStart(), scope)
        return handler
    }

    private func remember(_ duration: Duration, _ scope: MetricsScope) {
        let (metrics, userMetrics) = (scope.snapshot(), scope.userMetrics())
        ProcessEnding.initialised(after: duration)
        first.withLock { first in
            first.initDuration = duration
            first.initMetrics = metrics
            first.userMetrics = userMetrics
        }
    }

    /// Opens the scope of an invocation.
    ///
    /// - Parameters:
    ///   - invocation: What is known of it.
    ///   - deadline: When Lambda ends it, by the wall clock.
    /// - Returns: The scope; its line is told in a crash as well if the deadline is known.
    func scope(for invocation: InvocationInfo, deadline: Timestamp? = nil) -> MetricsScope {
        guard configuration.level != .none else { return MetricsScope(invocation, level: .none) }
        // What was added in init is on the line of the first invocation.
        let userMetrics = first.withLock { $0.userMetrics.take() }
        let openLine = deadline.flatMap { OpenLine.open(invocation, deadline: $0.nanosecondsSinceEpoch) }
        return MetricsScope(
            invocation, level: configuration.level, prices: configuration.prices, dimensions: configuration.dimensions,
            userMetrics: userMetrics, logger: logger, slowCallThreshold: configuration.slowCallThreshold,
            emitter: emitter, openLine: openLine)
    }

    /// Writes the invocation's line, unless somebody else has.
    ///
    /// - Returns: Whether nobody else had.
    @discardableResult
    func write(
        _ outcome: InvocationOutcome, errorType: String? = nil, of scope: MetricsScope,
        handlerStart: Moment
    ) -> Bool {
        guard scope.claimLine() else { return false }
        defer { scope.closeLine() }
        guard let line else { return true }
        let now = Moment.now
        var report = InvocationReport(
            invocation: scope.invocation, outcome: outcome, errorType: errorType,
            handlerDuration: handlerStart.duration(to: now), metrics: scope.snapshot(at: now.instant))
        report.remainingTime = scope.invocation.end.map { now.duration(to: $0) }
        report.peakMemoryBytes = ProcessMemory.peakBytes
        report.details = scope.details()
        report.slowCalls = scope.slowCallCount
        report.lateCalls = MetricsScope.drainLateCalls()
        report.traceDrops = emitter?.drainDrops() ?? 0
        report.userMetrics = scope.userMetrics()
        report.lateMetrics = MetricsScope.drainLateMetrics()
        first.withLock { first in
            guard first.isDue else { return }
            report.isColdStart = !isProvisioned
            report.initDuration = first.initDuration
            report.initMetrics = first.initMetrics
            first = FirstLine(isDue: false)
            ProcessEnding.firstLineIsTold()
        }
        output.write(line.bytes(for: report))
        exporter?.record(report)
        return true
    }
}

/// The time since the process's first constructor ran.
func timeSinceProcessStart() -> Duration {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return .nanoseconds(Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - tally_process_start_nanoseconds())
}
