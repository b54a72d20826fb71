import CCurl

extension TransportError.Code {
    /// The kind of failure behind a libcurl result.
    ///
    /// Source: <https://curl.se/libcurl/c/libcurl-errors.html>
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - explanation: What libcurl says of it.
    ///   - isSent: Whether the request went on a wire.
    init(_ result: CURLcode, _ explanation: String, isSent: Bool) {
        switch result {
        // libcurl has one result for a peer that refuses the handshake and for one that hangs up in it, as a load
        // balancer does that is being replaced; only its text tells them apart. What is not known stays a refusal.
        case CURLE_SSL_CONNECT_ERROR where Self.hangUps.contains(where: explanation.contains): self = .connectionLost
        // The answer is of a protocol that libcurl does not speak.
        case CURLE_UNSUPPORTED_PROTOCOL where isSent: self = .invalidResponse
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .unknownHost
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED: self = .connectionFailed
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND:
            self = .connectionLost
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
            self = .tls
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT: self = .invalidRequest
        case CURLE_ABORTED_BY_CALLBACK: self = .cancelled
        default: self = .invalidResponse
        }
    }

    private static let hangUps = ["SSL_ERROR_SYSCALL", "Recv failure", "Send failure", "unexpected eof"]
}

extension TransportError {
    static func cancelled(_ request: Request) -> TransportError {
        TransportError(.cancelled, "\(request.method.rawValue) \(request.location): the task was cancelled")
    }
}
