import Foundation

/// A server over TLS on loopback: `openssl s_server`, which answers each GET with a page about the connection.
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
    package convenience init(
        _ certificate: CertificateAuthority.Certificate, _ options: [String] = []
    ) async throws {
        try await self.init(
            try Tool.openSSL.process(
                ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate.path, "-key", certificate.keyPath, "-www"]
                    + options))
    }

    /// Starts a server that keeps connections and answers with the client's port.
    ///
    /// - Parameter certificate: What it shows.
    /// - Throws: When it does not start.
    package convenience init(keepingConnections certificate: CertificateAuthority.Certificate) async throws {
        try await self.init(
            try Tool.python.process(["-u", "-c", Self.keepingServer, certificate.path, certificate.keyPath]))
    }

    private static let keepingServer = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                body = str(self.client_address[1]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print("ACCEPT 127.0.0.1:%d" % server.server_address[1])
        server.serve_forever()
        """

    private init(_ process: Process) async throws {
        self.process = process
        folder = try TemporaryFolder()
        log = folder.path("log")
        let path = log
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: path))
        process.standardError = process.standardOutput
        try process.run()
        let started = process
        // Each says `ACCEPT 127.0.0.1:PORT` once it listens.
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
