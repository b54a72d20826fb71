public import TallyHTTP
public import TallyMetrics
public import TallyRuntime
import TallyWire

/// A function in a test, under the runtime's own loop with a Runtime API in memory.
///
/// Decoding, middleware, deadline, cancellation, streaming, errors and metrics are those of production. No socket is
/// opened and nothing is printed.
///
///     @Test func `a document is saved once`() async throws {
///         let function = try await TestFunction(SaveDocument.self)
///
///         let result = await function.invoke(#"{"title":"Report"}"#)
///
///         #expect(try result.decoded(Receipt.self).key == "DOC#1")
///         #expect(result.metrics.operationCount == 1)
///         #expect(result.logs.map(\.message) == ["saved"])
///     }
///
/// Calls of AWS go where the function's transport sends them: hand it a `Transport` of the test's own, or set
/// `AWS_ENDPOINT_URL` to a local server.
public final class TestFunction<Function: LambdaHandler>: Sendable {
    /// The function.
    public let function: Function
    private let api: RuntimeAPIDouble
    private let recorder: Recorder
    private let hooks: ShutdownHooks
    private let tasks: [Task<Void, Never>]

    /// Makes a function, as its init phase would.
    ///
    /// - Parameters:
    ///   - transport: Carries the function's calls; by default one that makes them.
    ///   - concurrency: How many invocations run at once; others wait.
    ///   - configure: Changes what metrics are made with; their level is `detailed` unless it says otherwise.
    ///   - make: Makes the function.
    /// - Throws: What making it throws.
    public init(
        transport: any Transport = CurlTransport(), concurrency: Int = 1,
        configuring configure: (inout MetricsConfiguration) throws -> Void = { _ in },
        making make: @escaping @Sendable (Initialization) async throws -> Function
    ) async throws {
        let recorder = Recorder()
        var configuration = try MetricsConfiguration(environment: { $0 == "TALLY_SERVICE" ? "test" : nil })
        configuration.level = .detailed
        configuration.logLevel = .trace
        try configure(&configuration)
        configuration.logHandler = recorder
        let sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
        let reporter = InvocationReporter(
            configuration, initializationType: nil, output: LineOutput { recorder.take(lines: $0) }, sleep: sleep)
        let hooks = ShutdownHooks()
        let start = Initialization(
            transport: transport, sleep: sleep, logger: reporter.logger, metricsLevel: configuration.level,
            handlerName: "", concurrency: concurrency, hooks: hooks)
        let function = try await reporter.initialise(start, make)

        let api = RuntimeAPIDouble()
        let watchdog = Watchdog()
        let loop = InvocationLoop(
            client: RuntimeClient(api: "test", transport: api, pause: sleep), reporter: reporter, watchdog: watchdog,
            executor: nil, concurrency: concurrency,
            hasEnded: { context in api.end(context.requestID, context.metrics) },
            handle: { event, context in try await function.process(event, context) })
        tasks = [
            Task { try? await watchdog.cancelFromLoop(sleep: sleep) },
            Task { do { try await loop.run() } catch { api.close(error) } },
        ]
        self.function = function
        self.api = api
        self.recorder = recorder
        self.hooks = hooks
    }

    /// Makes a function of the type that runs under Lambda, with what it configures.
    ///
    /// - Parameters:
    ///   - type: The function's type.
    ///   - transport: Carries the function's calls; by default one that makes them.
    ///   - concurrency: How many invocations run at once; others wait.
    /// - Throws: What making it throws.
    public convenience init(
        _ type: Function.Type, transport: any Transport = CurlTransport(), concurrency: Int = 1
    ) async throws where Function: LambdaFunction {
        try await self.init(
            transport: transport, concurrency: concurrency, configuring: Function.configure,
            making: { start in try await Function(start) })
    }

    deinit {
        api.close(CancellationError())
        for task in tasks { task.cancel() }
    }

    /// Has the function handle one event, and waits until all that it does is done: the answer, what is left to do
    /// after it, the metrics.
    ///
    /// - Parameters:
    ///   - event: The event's JSON.
    ///   - invocation: What is told of it.
    /// - Returns: What came of it.
    public func invoke(_ event: String = "{}", _ invocation: TestInvocation = TestInvocation()) async -> TestResult {
        await invoke(Array(event.utf8), invocation)
    }

    /// Has the function handle one event of any bytes.
    ///
    /// - Parameters:
    ///   - event: The event's bytes.
    ///   - invocation: What is told of it.
    /// - Returns: What came of it.
    public func invoke(_ event: [UInt8], _ invocation: TestInvocation = TestInvocation()) async -> TestResult {
        var result = await api.invoke(event, invocation)
        (result.logs, result.lines) = recorder.drain(invocation.requestID)
        return result
    }

    /// Has the function handle one event of a type that can be encoded, such as those of `TallyEvents`.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - invocation: What is told of it.
    /// - Returns: What came of it.
    /// - Throws: `EncodingError` when the event cannot be JSON.
    public func invoke(
        encoding event: some Encodable, _ invocation: TestInvocation = TestInvocation()
    ) async throws -> TestResult {
        await invoke(try JSONCoder().encode(event), invocation)
    }

    /// What was logged in init and outside any invocation.
    public var initLogs: [LogEntry] { recorder.drain(nil).logs }

    /// Runs what the function registered with `Initialization.onShutdown(_:)`, once.
    public func shutDown() async {
        await hooks.runAll()
    }
}
