import Foundation

/// A certificate authority of its own, which `openssl` makes for one test.
package final class CertificateAuthority: Sendable {
    /// A certificate and its key, as files.
    package struct Certificate: Sendable {
        let path: String
        let keyPath: String
        /// Keeps the files.
        let folder: TemporaryFolder
    }

    /// Where authority and certificates lie.
    let folder: TemporaryFolder
    private static let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    /// Makes an authority.
    ///
    /// - Throws: What `openssl` says.
    package init() throws {
        folder = try TemporaryFolder()
        let subject = ["-subj", "/CN=An authority of a test", "-days", "2"]
        try run(["req", "-x509"] + Self.key + subject + ["-keyout", "authority.key", "-out", "authority.pem"])
    }

    /// The file that names the authority as one to trust.
    package var path: String { folder.path("authority.pem") }

    /// Makes a certificate.
    ///
    /// - Parameters:
    ///   - name: Whom it names, such as `IP:127.0.0.1` or `DNS:example.com`.
    ///   - days: How long it is good; negative for one that has expired.
    /// - Returns: The certificate.
    /// - Throws: What `openssl` says.
    package func certificate(for name: String = "IP:127.0.0.1", days: Int = 2) throws -> Certificate {
        let id = UUID().uuidString
        try run(["req"] + Self.key + ["-subj", "/CN=A server of a test", "-keyout", "\(id).key", "-out", "\(id).csr"])
        try "subjectAltName=\(name)\n".write(toFile: folder.path("\(id).ext"), atomically: true, encoding: .utf8)
        try run([
            "x509", "-req", "-in", "\(id).csr", "-CA", "authority.pem", "-CAkey", "authority.key",
            "-set_serial", "\(UInt32.random(in: 1...UInt32.max))",
            "-days", "\(days)", "-extfile", "\(id).ext", "-out", "\(id).pem",
        ])
        return Certificate(path: folder.path("\(id).pem"), keyPath: folder.path("\(id).key"), folder: folder)
    }

    private func run(_ arguments: [String]) throws {
        try Tool.openSSL.run(arguments, in: folder.url)
    }
}
