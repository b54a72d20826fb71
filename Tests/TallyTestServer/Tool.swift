package import Foundation

/// A program of the machine that some tests need, and without which they are skipped.
package struct Tool: Sendable {
    /// Makes certificates and serves over TLS.
    package static let openSSL = Tool("openssl")
    /// Serves over TLS from one connection, which `openssl s_server` does not.
    package static let python = Tool("python3")
    /// The C compiler.
    package static let compiler = Tool("cc")

    /// Where it lies; `nil` where it is missing.
    package let path: String?

    private init(_ name: String) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        path = folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Whether it is there.
    package var exists: Bool { path != nil }

    /// Why a program could not do its work.
    package struct Failure: Error {
        let arguments: [String]
        let status: Int32
        let said: String
    }

    /// Makes a process of it, which is not started.
    ///
    /// - Parameter arguments: Its arguments.
    /// - Returns: The process.
    /// - Throws: ``Failure`` where the program is missing.
    package func process(_ arguments: [String]) throws -> Process {
        guard let path else { throw Failure(arguments: arguments, status: -1, said: "no such program") }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments.
    ///   - folder: Where it runs, and where what it says is kept.
    /// - Throws: ``Failure`` when it ends with another status than 0.
    package func run(_ arguments: [String], in folder: URL) throws {
        let process = try process(arguments)
        let log = folder.appending(path: "\(UUID().uuidString).log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        process.currentDirectoryURL = folder
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        try output.close()
        guard process.terminationStatus == 0 else {
            let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            throw Failure(arguments: arguments, status: process.terminationStatus, said: said)
        }
    }
}
