import CTally
import Glibc
import TallyHTTP
import TallyMetrics

/// Runs a function under Lambda: starts the loop on the main thread and hands it one event after another.
public enum LambdaRuntime {
    /// Runs a function until Lambda ends the process.
    ///
    /// `@main` on a ``LambdaFunction`` calls it. It has to be called on the main thread.
    ///
    /// - Parameter function: The function's type.
    public static func run<Function: LambdaFunction>(_ function: Function.Type) -> Never {
        run(configuring: Function.configure) { start in try await Function(start) }
    }

    /// Runs one of several functions that are in one executable, the one that `_HANDLER` names.
    ///
    ///     @main
    ///     enum Documents {
    ///         static func main() {
    ///             LambdaRuntime.run(["save": SaveDocument.self, "read": ReadDocument.self])
    ///         }
    ///     }
    ///
    /// The handler in the function's configuration is the name, or the name behind a dot, such as `documents.save`. A
    /// name that is not among them is an error of init that tells those that are.
    ///
    /// - Parameter functions: The functions by name.
    public static func run(_ functions: [String: any LambdaFunction.Type]) -> Never {
        let handler = FunctionProcess.variable("_HANDLER") ?? ""
        let last = handler.split(separator: ".").last.map(String.init) ?? ""
        if let function = functions[handler] ?? functions[last] { run(function) }
        let names = functions.keys.sorted().joined(separator: ", ")
        run { _ -> ClosureHandler in
            throw RuntimeError(
                .unknownFunction,
                "_HANDLER: '\(handler)' names none of this executable's functions. Set the function's handler to one of "
                    + "\(names)")
        }
    }

    static func run<Handler: LambdaHandler>(
        configuring configure: (inout MetricsConfiguration) throws -> Void = { _ in },
        making make: @escaping @Sendable (Initialization) async throws -> Handler
    ) -> Never {
        // The next event needs the memory of this one again, and the kernel would clear each page of it anew: two
        // thirds of the CPU that a 1 MiB event costs. Lambda charges for the configured memory, used or not.
        tally_keep_freed_memory()
        LocalFunction.prepare(environment: FunctionProcess.variable)
        let loop = CurlLoop(certificates: .ofProcess(), servesMainQueue: true)
        let configuration = Result {
            var configuration = try MetricsConfiguration(environment: FunctionProcess.variable)
            try configure(&configuration)
            return configuration
        }
        // Before any other thread exists, so that SIGTERM is blocked in all of them and reaches the watchdog alone.
        let process = FunctionProcess(
            loop: loop, configuration: configuration, watchdog: Watchdog.start(for: configuration))
        Task(executorPreference: loop) {
            exit(await process.run(making: make))
        }
        loop.run()
        exit(EXIT_SUCCESS)
    }
}
