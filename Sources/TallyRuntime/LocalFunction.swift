import Glibc
import TallyMetrics
import TallyWire

/// A function without Lambda: its process serves itself on loopback, so that an executable can be tried as it is built.
///
///     $ swift run documents
///     documents takes events at http://127.0.0.1:7000/invoke, 3 s for each. Try
///       curl --data '{}' http://127.0.0.1:7000/invoke
///
/// | environment | meaning |
/// |---|---|
/// | `LOCAL_LAMBDA_PORT` | the port, 7000 by default; 0 for any that is free |
/// | `AWS_LAMBDA_FUNCTION_TIMEOUT` | the function's timeout in seconds, 3 by default as in Lambda, 900 at most |
///
/// Where Lambda would kill a process whose invocation has no answer in time, this one starts anew.
struct LocalFunction: Sendable {
    private let server: LocalServer

    private static let standardPort: UInt16 = 7_000
    private static let standardTimeout = 3

    /// The value of `AWS_LAMBDA_RUNTIME_API` for this process.
    var address: String { server.address }

    /// Sets what Lambda would tell the process of its function, where nobody has.
    static func prepare(environment variable: (String) -> String?) {
        guard variable("AWS_LAMBDA_RUNTIME_API") == nil else { return }
        if variable("AWS_LAMBDA_FUNCTION_NAME") == nil { setenv("AWS_LAMBDA_FUNCTION_NAME", executableName, 1) }
        if variable("AWS_LAMBDA_FUNCTION_VERSION") == nil { setenv("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST", 1) }
    }

    /// Starts the server.
    ///
    /// - Throws: ``RuntimeError`` for a setting that cannot be used, or a port that is taken.
    init(environment variable: (String) -> String?) throws {
        let name = variable("AWS_LAMBDA_FUNCTION_NAME") ?? "function"
        var settings = LocalServer.Settings(
            port: try Self.number("LOCAL_LAMBDA_PORT", 0...UInt16.max, variable) ?? Self.standardPort)
        let timeout = try Self.number("AWS_LAMBDA_FUNCTION_TIMEOUT", 1...900, variable) ?? Self.standardTimeout
        settings.functionName = name
        settings.functionARN = "arn:aws:lambda:us-east-1:012345678912:function:\(name.filter(Self.isOfName))"
        settings.handler = variable("_HANDLER") ?? ""
        settings.timeout = .seconds(timeout)
        settings.onTimeout = { requestID in
            Self.note(
                "\(requestID) had no answer after \(timeout) s (AWS_LAMBDA_FUNCTION_TIMEOUT): Lambda would kill the "
                    + "process; it starts anew")
            Self.startAnew()
        }
        server = try LocalServer(settings)
        let url = "http://\(server.address)/invoke"
        Self.note("\(name) takes events at \(url), \(timeout) s for each. Try\n  curl --data '{}' \(url)")
    }

    /// Prints what an invocation's calls took.
    func tell(_ context: Context) {
        let metrics = context.metrics.snapshot
        guard metrics.isRecorded else { return }
        Self.note(metrics.operations.isEmpty ? "\(context.requestID): no calls" : "\(context.requestID):\n\(metrics)")
    }

    private static func number<Number: FixedWidthInteger>(
        _ name: String, _ range: ClosedRange<Number>, _ variable: (String) -> String?
    ) throws -> Number? {
        guard let text = variable(name) else { return nil }
        guard let number = Number(text), range.contains(number) else {
            throw RuntimeError(
                .invalidSetting,
                "\(name): '\(text)'. Set it to a number from \(range.lowerBound) to \(range.upperBound), or leave it out"
            )
        }
        return number
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-_".contains(character))
    }

    private static var executableName: String {
        CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "function"
    }

    /// For the developer who looks on, apart from the function's log.
    private static func note(_ text: String) {
        LineOutput(fileDescriptor: STDERR_FILENO).write(Array("\(text)\n".utf8))
    }

    /// Has the kernel put a new process in the place of this one, with the same arguments and environment.
    private static func startAnew() {
        for descriptor in 3..<Int32(1_024) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        execv("/proc/self/exe", &arguments)
        note("local server: the process cannot start anew (\(String(cString: strerror(errno)))). Start it again")
        exit(EXIT_FAILURE)
    }
}
