import Glibc

/// Where the certificates lie against which servers are verified.
///
/// Both of libcurl's options are always set from it: with a default left in place, libcurl parses the whole bundle
/// anew for each connection (33 ms) instead of caching it.
public struct CertificateLocations: Sendable, Hashable {
    /// A file of certificates in PEM form.
    public var file: String?
    /// A directory of certificates named by the hash of their subject, as `openssl rehash` makes it.
    public var directory: String?

    /// Creates locations.
    ///
    /// - Parameters:
    ///   - file: A file of certificates in PEM form.
    ///   - directory: A directory of certificates named by hash.
    public init(file: String? = nil, directory: String? = nil) {
        self.file = file
        self.directory = directory
    }

    /// Finds the certificates: `AWS_CA_BUNDLE`, the package's own `certs` directory, `SSL_CERT_FILE`,
    /// `SSL_CERT_DIR`, then the places of the distributions.
    ///
    /// What `AWS_CA_BUNDLE` names is taken as it is, so that a wrong path is an error and never a silent fallback.
    ///
    /// - Parameters:
    ///   - variable: Reads an environment variable.
    ///   - exists: Whether something lies at a path.
    public init(variable: (String) -> String?, exists: (String) -> Bool) {
        self.init()
        if let bundle = variable("AWS_CA_BUNDLE"), !bundle.isEmpty {
            file = bundle
            return
        }
        if let root = variable("LAMBDA_TASK_ROOT"), !root.isEmpty, exists(root + "/certs") {
            directory = root + "/certs"
            return
        }
        if let bundle = variable("SSL_CERT_FILE"), !bundle.isEmpty, exists(bundle) {
            file = bundle
        } else if let folder = variable("SSL_CERT_DIR"), !folder.isEmpty, exists(folder) {
            directory = folder
        } else if exists("/etc/ssl/certs/ca-certificates.crt") {
            // Debian hashes this directory, and reading one file a handshake is far cheaper than the bundle.
            directory = "/etc/ssl/certs"
        } else {
            let bundles = [
                "/etc/pki/tls/certs/ca-bundle.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                "/etc/ssl/cert.pem",
            ]
            file = bundles.first(where: exists)
        }
    }

    /// Finds the certificates of this process, as ``init(variable:exists:)`` does.
    public static func ofProcess() -> CertificateLocations {
        CertificateLocations(
            variable: { getenv($0).map { String(cString: $0) } },
            exists: { access($0, R_OK) == 0 })
    }

    /// Whether no certificate was found, so that no HTTPS request can be made.
    public var isEmpty: Bool { file == nil && directory == nil }
}
