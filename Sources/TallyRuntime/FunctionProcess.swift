import Glibc
import TallyHTTP
import TallyMetrics

/// The life of a function's process: init, then one invocation after another, until the Runtime API is gone.
struct FunctionProcess: Sendable {
    let loop: CurlLoop
    let configuration: Result<MetricsConfiguration, any Error>
    let watchdog: Watchdog

    /// Runs the process.
    ///
    /// - Parameter make: Makes the handler in the init phase.
    /// - Returns: The status to exit with; never 0, since a function does not end by itself.
    func run<Handler: LambdaHandler>(
        making make: @Sendable (Initialization) async throws -> Handler
    ) async -> Int32 {
        let api: String
        var hasEnded: (@Sendable (Context) -> Void)?
        if let address = Self.variable("AWS_LAMBDA_RUNTIME_API") {
            api = address
        } else {
            do {
                let local = try LocalFunction(environment: Self.variable)
                api = local.address
                hasEnded = local.tell
            } catch {
                return fail("\(error)")
            }
        }
        let transport = CurlTransport(on: loop)
        let pause: @Sendable (Duration) async throws -> Void = { try await transport.sleep(for: $0) }
        let client = RuntimeClient(api: api, transport: transport, pause: pause)

        let reporter: InvocationReporter
        let settings: RuntimeSettings
        let handler: Handler
        let registration: Task<Void, Never>?
        let hooks = ShutdownHooks()
        do {
            settings = try RuntimeSettings(environment: Self.variable)
            reporter = InvocationReporter(
                try configuration.get(), initializationType: FunctionInfo.ofProcess.initializationType,
                daemonAddress: Self.variable(XRayEmitter.variable), sleep: pause)
            let `extension` = InternalExtension(api: api, transport: transport)
            // Beside what follows, which need not wait for the answer.
            registration =
                settings.awaitsShutdown
                ? Task(executorPreference: loop) { await register(`extension`, reporter.logger) } : nil
            await reporter.exporter?.open(within: Self.openLimit)
            watchdog.willTerminate { Self.shutDown(reporter, hooks) }
            let start = Initialization(
                transport: transport, sleep: pause, logger: reporter.logger.describing(isColdStart: true),
                metricsLevel: reporter.configuration.level, handlerName: Self.variable("_HANDLER") ?? "",
                concurrency: settings.concurrency, hooks: hooks)
            handler = try await reporter.initialise(start, make)
        } catch {
            let diagnostic = Diagnostic(error)
            _ = try? await client.reportInitialization(diagnostic)
            return fail("init: \(diagnostic.type): \(diagnostic.message)")
        }
        do {
            reporter.installEnding()
            if reporter.configuration.level == .none {
                Task(executorPreference: loop) { try await watchdog.cancelFromLoop(sleep: pause) }
                if !hooks.isEmpty { watchdog.startThread() }
            }
            // Lambda takes no extension that registers when the function has asked for an event.
            await registration?.value
            let invocations = InvocationLoop(
                client: client, reporter: reporter, watchdog: watchdog, executor: loop,
                concurrency: settings.concurrency, hasEnded: hasEnded
            ) { event, context in try await handler.process(event, context) }
            try await invocations.run()
        } catch {
            await shutDownApart(reporter, hooks)
            return fail("\(error)")
        }
    }

    /// Has Lambda send SIGTERM before it kills the process.
    private func register(_ extension: InternalExtension, _ logger: Logger) async {
        guard let identifier = await `extension`.register(logger) else { return }
        Task(executorPreference: loop) { await `extension`.park(identifier) }
    }

    // Init has ten seconds in all, and its function needs them.
    private static let openLimit = Duration.seconds(1)

    // Lambda leaves 300 ms between SIGTERM and SIGKILL where there are extensions only inside the process.
    // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
    private static let shutdownLimit = Duration.milliseconds(250)

    /// Runs the hooks, exports what is left and closes the sinks, from a thread that is not the loop's: the loop may be
    /// stuck in a handler.
    private static func shutDown(_ reporter: InvocationReporter, _ hooks: ShutdownHooks) {
        if let exporter = reporter.exporter { hooks.add { await exporter.shutDown(within: shutdownLimit) } }
        if !hooks.run(within: shutdownLimit) {
            reporter.logger.warning(
                "shutdown: not all was done within \(shutdownLimit.wholeMillisecondsRoundedUp) ms")
        }
    }

    /// The same where nothing has stuck: on a thread of its own, since hooks may need the loop.
    private func shutDownApart(_ reporter: InvocationReporter, _ hooks: ShutdownHooks) async {
        await withCheckedContinuation { ended in
            let result = DetachedThread.start(stackBytes: Watchdog.stackBytes) {
                Self.shutDown(reporter, hooks)
                ended.resume()
            }
            if result != 0 { ended.resume() }
        }
    }

    /// Tells the log why the process ends.
    private func fail(_ message: String) -> Int32 {
        Logger().error(message)
        return EXIT_FAILURE
    }

    /// An environment variable; an empty one counts as absent.
    static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
