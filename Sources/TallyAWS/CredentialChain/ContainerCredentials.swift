import TallyHTTP
import TallyMetrics
import TallyWire

/// Credentials of the container that the process runs in: ECS, EKS Pod Identity, Lambda SnapStart.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
struct ContainerCredentials: Sendable {
    private static let host = "169.254.170.2"
    // ECS, EKS over IPv4 and EKS over IPv6: the only places where plain HTTP does not leave the machine.
    private static let plainHosts: Set<String> = ["localhost", host, "169.254.170.23", "[fd00:ec2::23]", "[::1]"]
    private static let attempts = 3

    let url: String
    private let setting: String
    private let token: String?
    private let tokenFile: String?
    private let transport: any Transport
    private let effects: CallEffects

    /// Takes what the environment says; `nil` when it names no such endpoint.
    ///
    /// - Throws: ``ConfigurationError`` for an endpoint that credentials must not be asked from.
    init?(
        transport: any Transport, effects: CallEffects, environment: (String) -> String?
    ) throws(ConfigurationError) {
        func value(_ name: String) -> String? { environment(name).nonEmpty }
        if let path = value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            setting = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
            guard path.hasPrefix("/") else {
                throw ConfigurationError(setting, "\"\(path)\" does not begin with a slash. Set it to a path.")
            }
            url = "http://\(Self.host)\(path)"
        } else if let full = value("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            setting = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
            url = full
            let parts = RequestURL(full)
            guard parts.scheme == "https" || (parts.scheme == "http" && Self.isPlainHost(parts.host)) else {
                throw ConfigurationError(
                    setting,
                    "\"\(full)\" is neither HTTPS nor on this machine: credentials would travel in the clear. "
                        + "Use https, a loopback address, \(Self.host) or an address of EKS.")
            }
        } else {
            return nil
        }
        token = value("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        tokenFile = value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
        self.transport = transport
        self.effects = effects
    }

    private static func isPlainHost(_ authority: Substring) -> Bool {
        let bracket = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        let colon = authority[bracket...].firstIndex(of: ":") ?? authority.endIndex
        let host = String(authority[..<colon])
        return plainHosts.contains(host) || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }

    func fetch() async throws -> Credentials {
        var request = Request(
            .get, url, headers: ["Accept": "application/json"],
            timeouts: Timeouts(connect: .seconds(2), idle: .seconds(2), total: .seconds(5)), usesProxy: false)
        if let token = try authorization() { request.headers.add("Authorization", token) }
        var attempt = 1
        while true {
            let problem: ConfigurationError
            switch await answer(to: request) {
            case .success(let response) where response.status < 500:
                return try credentials(from: response)
            case .success(let response):
                problem = failure("answered with status \(response.status)")
            case .failure(let error) where error.code == .cancelled:
                throw CancellationError()
            case .failure(let error):
                problem = failure("does not answer: \(error)")
            }
            guard attempt < Self.attempts else { throw problem }
            try await effects.sleep(
                RetryPolicy.standard.delay(after: attempt, .transient, service: .sts, random: effects.random()))
            attempt += 1
        }
    }

    private func answer(to request: Request) async -> Result<Response, TransportError> {
        do throws(TransportError) {
            return .success(try await transport.send(request))
        } catch {
            return .failure(error)
        }
    }

    /// The token, read anew each time: EKS exchanges the file's.
    private func authorization() throws(ConfigurationError) -> String? {
        var text = token
        var source = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        if let tokenFile {
            source = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
            guard let content = try TextFile.read(tokenFile) else {
                throw ConfigurationError(source, "there is no file \(tokenFile). Name one that holds the token.")
            }
            text = content
        }
        guard let text else { return nil }
        guard !text.utf8.contains(where: { $0 == 10 || $0 == 13 }) else {
            throw ConfigurationError(source, "the token has a line break in it. Give it without.")
        }
        return text
    }

    private func credentials(from response: Response) throws(ConfigurationError) -> Credentials {
        let document: CredentialDocument
        do throws(JSONError) {
            document = try CredentialDocument(response.body, tokenName: "Token")
        } catch {
            throw failure("answered with status \(response.status) and no JSON")
        }
        guard response.status == 200 else {
            let said = [document.code, document.message].compactMap { $0 }.joined(separator: ": ")
            throw failure("answered with status \(response.status)\(said.isEmpty ? "" : ", \(said)")")
        }
        return try document.credentials { failure("told \($0)") }
    }

    private func failure(_ what: String) -> ConfigurationError {
        ConfigurationError(
            setting, "\(RequestURL(url).host) \(what). See that the container has a role, and its agent runs.")
    }
}
