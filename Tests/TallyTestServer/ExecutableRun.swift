import Foundation
import Glibc

/// An executable of this package at the address of a Runtime API.
package class ExecutableRun {
    private let process = Process()
    private let output: URL

    /// Starts an executable.
    ///
    /// - Parameters:
    ///   - product: The executable's name.
    ///   - handler: The value of `_HANDLER`.
    ///   - address: The value of `AWS_LAMBDA_RUNTIME_API`.
    ///   - environment: Further variables; an empty value removes one.
    /// - Throws: When it cannot be started.
    package init(
        _ product: String = "runtime-fixture", handler: String = "", at address: String,
        _ environment: [String: String] = [:]
    ) throws {
        output = URL.temporaryDirectory.appending(path: "tally-test-\(UUID().uuidString).log")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
        // The test bundle lies beside the executables.
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = bundle.appending(path: product)
        process.environment = [
            "AWS_LAMBDA_RUNTIME_API": address, "AWS_LAMBDA_FUNCTION_NAME": "f", "_HANDLER": handler,
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
            "LD_LIBRARY_PATH": ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "",
            // Where the thread sanitizer tells its reports, see scripts/support/sanitize.
            "TSAN_OPTIONS": ProcessInfo.processInfo.environment["TSAN_OPTIONS"] ?? "",
        ].merging(environment) { $1 }.filter { !$0.value.isEmpty }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        try process.run()
    }

    deinit {
        process.terminationHandler = nil
        kill()
        try? FileManager.default.removeItem(at: output)
    }

    /// Waits until the process has ended.
    ///
    /// - Returns: Its exit status, or the negative of the signal that ended it.
    /// - Throws: ``Timeout`` after 20 s.
    package func end() async throws -> Int32 {
        try await wait("its end") { !self.process.isRunning }
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    /// How many threads the process has now.
    package var threadCount: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/task").count) ?? 0
    }

    /// Kills the process, if it runs.
    package func kill() {
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    }

    /// Sends SIGTERM.
    package func terminate() {
        process.terminate()
    }

    /// Stops the process where it is, as Lambda does between two invocations.
    ///
    /// - Throws: ``Timeout`` after 20 s.
    package func freeze() async throws {
        let id = process.processIdentifier
        Glibc.kill(id, SIGSTOP)
        try await wait("its standstill") {
            let status = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
            // The state stands behind the name, which is in brackets.
            return status.split(separator: ")").last?.hasPrefix(" T") == true
        }
    }

    /// Lets the process go on.
    package func thaw() {
        Glibc.kill(process.processIdentifier, SIGCONT)
    }

    /// What was printed so far, line by line.
    package var lines: [String] {
        ((try? String(contentsOf: output, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    /// The EMF lines printed so far.
    package var metrics: [[String: Any]] {
        lines.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
            .filter { $0["_aws"] != nil }
    }

    /// Why a test gave up waiting.
    package struct Timeout: Error {
        let waitedFor: String
        let printed: [String]
    }

    /// How many descriptors the process has open, and how much of its memory is in use.
    package var resources: (descriptors: Int, kilobytes: Int) {
        let place = "/proc/\(process.processIdentifier)"
        let status = (try? String(contentsOfFile: place + "/status", encoding: .utf8)) ?? ""
        let memory = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (
            (try? FileManager.default.contentsOfDirectory(atPath: place + "/fd").count) ?? 0,
            memory.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        )
    }

    /// Waits until something is so.
    ///
    /// - Parameters:
    ///   - what: What is waited for.
    ///   - duration: How long at most.
    ///   - isDone: Whether it is so.
    /// - Throws: ``Timeout`` after that time and 2,000 looks.
    package func wait(
        _ what: String, for duration: Duration = .seconds(20), until isDone: @escaping () -> Bool
    ) async throws {
        let limit = ContinuousClock.now + duration
        var looks = 0
        while !isDone() {
            looks += 1
            // Time alone says little: among hundreds of tests a process may be let on but once in many seconds.
            guard looks < 2_000 || ContinuousClock.now < limit else {
                throw Timeout(waitedFor: what, printed: lines)
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
