import Foundation

/// `openssl s_server` on loopback, which answers each GET with a page about the connection.
package final class TLSServer {
    private let process: Process
    private let folder: TemporaryFolder
    private let log: String
    /// Where requests go.
    package let url: String

    /// Starts the server and waits until it listens.
    ///
    /// - Parameters:
    ///   - certificate: What it shows.
    ///   - options: Further arguments.
    /// - Throws: When it does not start.
    package init(_ certificate: CertificateAuthority.Certificate, _ options: [String] = []) async throws {
        folder = try TemporaryFolder()
        log = folder.path("log")
        let path = log
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        process = try Tool.openSSL.process(
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate.path, "-key", certificate.keyPath, "-www"]
                + options)
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: path))
        process.standardError = process.standardOutput
        try process.run()
        let started = process
        // It says `ACCEPT 127.0.0.1:PORT` once it listens.
        let port = try await Waiting.value("the port of s_server") {
            let said = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            let port = said.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") }?.split(separator: ":").last
            return started.isRunning || port != nil ? port : "0 (\(said))"
        }
        url = "https://127.0.0.1:\(port)/"
    }

    /// What it has said of its connections.
    package var said: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
