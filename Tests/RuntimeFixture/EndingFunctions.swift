import Glibc
import Synchronization
import TallyMetrics
import TallyRuntime

/// Ends as the event says: an answer, an error, too late, or the whole process.
struct EndingFunction: LambdaFunction {
    private let start: Initialization

    init(_ start: Initialization) {
        self.start = start
        guard let ending = getenv("TALLY_TEST_INIT").map({ String(cString: $0) }) else { return }
        start.logger.info("begun")
        if ending == "sleep in C" { sleep(600) }
        if ending == "handle SIGBUS" { signal(SIGBUS) { _ in } }
        Crash(rawValue: ending)?.happen()
    }

    func handle(_ order: Order, _ context: Context) async throws -> Answer {
        recordCalls()
        context.logger.info("begun")
        switch order.text ?? "answer" {
        case "throw": throw OrderRefused(description: "no stock")
        case "too large": return Answer(text: String(repeating: "x", count: 7_000_000))
        case "suspend": try await start.sleep(.seconds(600))
        case "suspend deaf to cancellation": try await Task { try await start.sleep(.seconds(600)) }.value
        case "spin": spin(for: order.count)
        case "spin until cancelled": while !Task.isCancelled {}
        case "sleep in C": usleep(UInt32(order.count ?? 600_000) * 1000)
        case "abort beside others": abortBesideOthers(context.logger)
        case "abort while writing the line":
            _ = MetricsScope.current?.claimLine()
            abort()
        case "SIGTERM while writing the line": writeSlowly()
        case "exit while another thread writes": exitWhileAnotherWrites()
        case let crash: Crash(rawValue: crash)?.happen()
        }
        return Answer(text: "done")
    }

    private func recordCalls() {
        for (service, milliseconds) in [(Service.dynamoDB, 3), (.dynamoDB, 4), (.kms, 5), (.s3, 6), (.sqs, 7)] {
            var call = CallRecord(service: service, operation: "Call", start: .now)
            call.duration = .milliseconds(milliseconds)
            call.attempts = 1
            MetricsScope.record(call, in: MetricsScope.current)
        }
    }

    /// Opens lines as managed concurrency does, as many as there is room for and one more.
    private func abortBesideOthers(_ logger: Logger) {
        let told = MetricsScope(emitter: nil, openLine: OpenLine.open(InvocationInfo(requestID: "told"), deadline: 0))
        _ = told.claimLine()
        told.closeLine()
        for number in 1...64 {
            let info = InvocationInfo(requestID: "other-\(number)")
            if OpenLine.open(info, deadline: 0) == nil { logger.info("no room for other-\(number)") }
        }
        abort()
    }

    /// Is told to end between claiming the line and writing it.
    private func writeSlowly() {
        _ = MetricsScope.current?.claimLine()
        kill(getpid(), SIGTERM)
        usleep(50_000)
        LineOutput.standardOutput.write(Array("the slow line\n".utf8))
        MetricsScope.current?.closeLine()
        sleep(600)
    }

    private func exitWhileAnotherWrites() {
        guard let scope = MetricsScope.current else { return }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(scope).toOpaque()
        pthread_create(
            &thread, nil,
            { argument in
                if let argument { LateWriter.write(Unmanaged<MetricsScope>.fromOpaque(argument).takeRetainedValue()) }
                return nil
            }, argument)
        pthread_detach(thread)
        while LateWriter.phase.load(ordering: .acquiring) != LateWriter.hasClaimed {}
        // Runs before what was registered earlier.
        atexit { LateWriter.phase.store(LateWriter.mayWrite, ordering: .releasing) }
        exit(3)
    }

    private func spin(for milliseconds: Int?) {
        let end = ContinuousClock.now + .milliseconds(milliseconds ?? 600_000)
        while ContinuousClock.now < end {}
    }
}

/// What ends a process without its consent, or with it.
enum Crash: String {
    case fatalError = "fatal error"
    case index = "index out of bounds"
    case noValue = "nil unwrapped"
    case nullPointer = "write through a null pointer"
    case otherThread = "null pointer on another thread"
    case overflow = "stack overflow"
    case raisedFPE = "raised SIGFPE"
    case abort
    case raised = "raised SIGBUS"
    case trap = "raised SIGTRAP"
    case exit0 = "exit(0)"
    case exit3 = "exit(3)"
    case immediateExit = "_exit(5)"
    case child = "exit in a forked child"

    func happen() {
        switch self {
        case .fatalError: Swift.fatalError("no stock at all")
        case .index: print([1, 2, 3][Self.unknown(3)])
        case .noValue: Self.unwrapNil()
        case .nullPointer: Self.writeThroughNull()
        case .otherThread: Self.crashOnAnotherThread()
        case .overflow: print(Self.depth(Self.unknown(1)))
        case .abort: Glibc.abort()
        case .raised: raise(SIGBUS)
        case .raisedFPE: raise(SIGFPE)
        case .trap: raise(SIGTRAP)
        case .exit0: exit(0)
        case .exit3: exit(3)
        case .immediateExit: _exit(5)
        case .child: Self.endInChild()
        }
    }

    /// A number that the optimizer cannot know.
    private static func unknown(_ number: Int) -> Int {
        getenv("TALLY_TEST_NOTHING") == nil ? number : 0
    }

    private static func unwrapNil() {
        let number = Int(String(repeating: "x", count: unknown(1)))
        // swift-format-ignore: NeverForceUnwrap
        print(number!)
    }

    private static func writeThroughNull() {
        UnsafeMutablePointer<Int>(bitPattern: unknown(8))?.pointee = 1
    }

    private static func depth(_ number: Int) -> Int {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { bytes in
            bytes.storeBytes(of: number, as: Int.self)
            return depth(number + 1) + bytes.load(as: Int.self)
        }
    }

    private static func crashOnAnotherThread() {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { _ in
                Crash.writeThroughNull()
                return nil
            }, nil)
        pthread_join(thread, nil)
    }

    /// The child has the parent's open lines in its memory, and handlers that would write them.
    private static func endInChild() {
        typealias Fork = @convention(c) () -> pid_t
        let fork = unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)
        let child = fork()
        if child == 0 { exit(0) }
        waitpid(child, nil, 0)
    }
}

/// Claims a line, and writes it when the process already exits.
enum LateWriter {
    static let phase = Atomic(0)
    static let hasClaimed = 1
    static let mayWrite = 2

    static func write(_ scope: MetricsScope) {
        _ = scope.claimLine()
        phase.store(hasClaimed, ordering: .releasing)
        while phase.load(ordering: .acquiring) != mayWrite {}
        // As long as a long line may take.
        usleep(10_000)
        LineOutput.standardOutput.write(Array("the other thread's line\n".utf8))
        scope.closeLine()
    }
}
