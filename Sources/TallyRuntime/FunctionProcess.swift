import Dispatch
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
        guard let api = Self.variable("AWS_LAMBDA_RUNTIME_API") else {
            return fail(
                "AWS_LAMBDA_RUNTIME_API is not set: there is no Lambda to take events from. "
                    + "Run the function with scripts/demo, or under the Lambda Runtime Interface Emulator")
        }
        let transport = CurlTransport(on: loop)
        let pause: @Sendable (Duration) async throws -> Void = { try await transport.sleep(for: $0) }
        let client = RuntimeClient(api: api, transport: transport, pause: pause)

        let reporter: InvocationReporter
        let handler: Handler
        do {
            reporter = InvocationReporter(
                try configuration.get(), initializationType: Self.variable("AWS_LAMBDA_INITIALIZATION_TYPE"),
                daemonAddress: Self.variable(XRayEmitter.variable), sleep: pause)
            if let exporter = reporter.exporter {
                await exporter.open(within: Self.openLimit)
                watchdog.willTerminate { Self.shutDown(exporter) }
            }
            handler = try await initialise(reporter, transport, pause, make)
        } catch {
            let diagnostic = Diagnostic(error)
            _ = try? await client.reportInitialization(diagnostic)
            return fail("init: \(diagnostic.type): \(diagnostic.message)")
        }
        do {
            let handle: @Sendable (Payload, Context) async throws -> Payload = { event, context in
                try await handler.process(event, context)
            }
            reporter.installEnding()
            if reporter.configuration.level == .none {
                Task(executorPreference: loop) { try await watchdog.cancelFromLoop(sleep: pause) }
            }
            try await InvocationLoop(
                handle: handle, client: client, reporter: reporter, watchdog: watchdog, executor: loop
            ).run()
        } catch {
            await reporter.exporter?.shutDown(within: Self.shutdownLimit)
            return fail("\(error)")
        }
    }

    private func initialise<Handler: LambdaHandler>(
        _ reporter: InvocationReporter, _ transport: CurlTransport,
        _ pause: @escaping @Sendable (Duration) async throws -> Void,
        _ make: @Sendable (Initialization) async throws -> Handler
    ) async throws -> Handler {
        let scope = reporter.scope(for: InvocationInfo())
        let start = Initialization(
            transport: transport, sleep: pause, logger: reporter.logger.describing(isColdStart: true),
            metricsLevel: reporter.configuration.level,
            handlerName: Self.variable("_HANDLER") ?? "")
        let handler = try await MetricsScope.$current.withValue(scope) { try await make(start) }
        _ = scope.claimLine()
        reporter.initialised(after: timeSinceProcessStart(), in: scope)
        return handler
    }

    // Init has ten seconds in all, and its function needs them.
    private static let openLimit = Duration.seconds(1)

    // Lambda leaves 300 ms between SIGTERM and SIGKILL where there are extensions only inside the process.
    // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
    private static let shutdownLimit = Duration.milliseconds(250)

    /// Exports what is left and closes the sinks, from a thread that is not the loop's: the loop may be stuck in a handler.
    private static func shutDown(_ exporter: MetricsExporter) {
        let ended = DispatchSemaphore(value: 0)
        Task.detached {
            await exporter.shutDown(within: shutdownLimit)
            ended.signal()
        }
        _ = ended.wait(timeout: .now() + shutdownLimit / .seconds(1))
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
