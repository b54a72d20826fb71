import Foundation

/// An executable of this package at an address of a Runtime API.
final class ExecutableRun {
    private let process = Process()

    /// Starts an executable.
    ///
    /// - Parameters:
    ///   - product: The executable's name.
    ///   - handler: The value of `_HANDLER`.
    ///   - address: The value of `AWS_LAMBDA_RUNTIME_API`.
    /// - Throws: When it cannot be started.
    init(_ product: String = "runtime-fixture", handler: String = "", at address: String) throws {
        // The test bundle lies beside the executables.
        process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(
            path: product)
        let inherited = ProcessInfo.processInfo.environment.filter {
            ["PATH", "LD_LIBRARY_PATH", "TSAN_OPTIONS"].contains($0.key)
        }
        process.environment = inherited.merging([
            "AWS_LAMBDA_RUNTIME_API": address, "AWS_LAMBDA_FUNCTION_NAME": "f", "_HANDLER": handler,
        ]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { end() }

    /// Kills it.
    func end() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
