package import TallyHTTP
package import TallyWire

/// Signs requests with AWS Signature Version 4, in headers or in the query.
///
/// A pure function of request, credentials and time: its only state is a cache of derived keys.
///
///     let signer = Signer(service: "kms", region: "us-east-1")
///     signer.sign(&request, with: credentials, at: .now())
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>
package struct Signer: Sendable {
    /// How the body enters the signature.
    package enum Payload: Sendable {
        /// By its SHA-256, which travels in no header: services other than S3.
        case hash
        /// By its SHA-256 in `x-amz-content-sha256`: S3 over plain HTTP.
        case hashInHeader
        /// Not at all: S3 over TLS, which protects the body already.
        case unsigned
        /// Chunk by chunk or not at all, with its checksum behind it: content for S3 that is read only once.
        case chunked(ChunkedUpload.Trailer, isSigned: Bool)
    }

    /// What becomes of the session token.
    package enum TokenPlacement: Sendable {
        /// It is signed, as every service that Tally calls wants it.
        case signed
        /// It is added after signing, as AWS IoT wants it.
        case appended
    }

    /// The service's name in the signature's scope.
    package let service: String
    /// The region in the signature's scope.
    package let region: Region
    private let paths: CanonicalRequest.PathRules
    private let tokenPlacement: TokenPlacement
    private let keys = SigningKeyCache()

    package init(
        service: String, region: Region, paths: CanonicalRequest.PathRules = .normalized,
        tokenPlacement: TokenPlacement = .signed
    ) {
        self.service = service
        self.region = region
        self.paths = paths
        self.tokenPlacement = tokenPlacement
    }

    // MARK: - Headers

    /// Adds the signature to the request's headers; any signature it already has is replaced.
    package func sign(
        _ request: inout Request, with credentials: Credentials, at time: Timestamp, payload: Payload = .hash
    ) {
        let content = request.body
        let stamp = stamp(time)
        let canonical = prepare(&request, with: credentials, stamp, payload: payload)
        let key = key(of: credentials, stamp)
        let signature = Self.signature(of: Self.stringToSign(canonical, stamp), key: key)
        request.headers.add(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(stamp.scope), "
                + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
        )
        if tokenPlacement == .appended, let token = credentials.sessionToken {
            request.headers["X-Amz-Security-Token"] = token
        }
        if case .chunked(let trailer, let isSigned) = payload {
            let signing = ChunkedUpload.Signing(key: key, context: "\(stamp.time)\n\(stamp.scope)", seed: signature)
            request.body = ChunkedUpload(content, trailer: trailer).body(signing: isSigned ? signing : nil)
        }
    }

    /// Adds every header that the signature needs, and returns what is to be signed.
    package func prepare(
        _ request: inout Request, with credentials: Credentials, at time: Timestamp, payload: Payload
    ) -> CanonicalRequest {
        prepare(&request, with: credentials, stamp(time), payload: payload)
    }

    private func prepare(
        _ request: inout Request, with credentials: Credentials, _ stamp: Stamp, payload: Payload
    ) -> CanonicalRequest {
        let payloadHash: String
        switch payload {
        case .hash, .hashInHeader: payloadHash = Self.hash(request.body)
        case .unsigned: payloadHash = Self.unsignedPayload
        case .chunked(let trailer, let isSigned):
            ChunkedUpload(request.body, trailer: trailer).announce(in: &request.headers)
            payloadHash =
                isSigned ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" : "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        }
        request.headers["Authorization"] = nil
        request.headers["X-Amz-Date"] = stamp.time
        if case .hash = payload {} else { request.headers["X-Amz-Content-Sha256"] = payloadHash }
        request.headers["X-Amz-Security-Token"] = tokenPlacement == .signed ? credentials.sessionToken : nil

        let url = RequestURL(request.url)
        return CanonicalRequest(
            method: request.method, url: url, query: CanonicalRequest.query(url.query),
            headers: SignedHeaders(request.headers, host: url.host), payloadHash: payloadHash, paths: paths
        )
    }

    // MARK: - Query

    /// Returns the request's URL with a signature in the query, valid for `lifetime`.
    ///
    /// Whoever uses the URL must send the request's method and headers unchanged.
    package func presign(
        _ request: Request, with credentials: Credentials, at time: Timestamp, lifetime: Duration,
        isPayloadSigned: Bool = false
    ) -> String {
        let (canonical, query) = prepareQuery(
            request, with: credentials, at: time, lifetime: lifetime, isPayloadSigned: isPayloadSigned
        )
        let stamp = stamp(time)
        let signature = Self.signature(
            of: Self.stringToSign(canonical, stamp), key: key(of: credentials, stamp))
        let base = request.url.utf8.firstIndex(of: UInt8(ascii: "?")).map { request.url[..<$0] } ?? request.url[...]
        var url = "\(base)?\(query)&X-Amz-Signature=\(signature)"
        if tokenPlacement == .appended, let token = credentials.sessionToken {
            url += "&X-Amz-Security-Token=\(PercentEncoding.encodeComponent(token))"
        }
        return url
    }

    /// Returns what is to be signed, and the query that it covers.
    package func prepareQuery(
        _ request: Request, with credentials: Credentials, at time: Timestamp, lifetime: Duration,
        isPayloadSigned: Bool
    ) -> (canonical: CanonicalRequest, query: String) {
        let url = RequestURL(request.url)
        let headers = SignedHeaders(request.headers, host: url.host)
        let stamp = stamp(time)
        var added = [
            (name: "X-Amz-Algorithm", value: "AWS4-HMAC-SHA256"),
            (name: "X-Amz-Credential", value: "\(credentials.accessKeyID)/\(stamp.scope)"),
            (name: "X-Amz-Date", value: stamp.time),
            (name: "X-Amz-Expires", value: "\(lifetime.components.seconds)"),
            (name: "X-Amz-SignedHeaders", value: headers.names),
        ]
        if tokenPlacement == .signed, let token = credentials.sessionToken {
            added.append((name: "X-Amz-Security-Token", value: token))
        }
        let query = CanonicalRequest.query(url.query, adding: added)
        let canonical = CanonicalRequest(
            method: request.method, url: url, query: query, headers: headers,
            payloadHash: isPayloadSigned ? Self.hash(request.body) : Self.unsignedPayload, paths: paths
        )
        return (canonical, query)
    }

    // MARK: - Steps

    /// A time and the scope of its signatures in their texts, written once for all of a signature's steps.
    private struct Stamp {
        let time: String
        let date: String
        let scope: String
    }

    private func stamp(_ time: Timestamp) -> Stamp {
        let text = time.sigV4
        let date = String(Substring(text.utf8.prefix(8)))
        return Stamp(time: text, date: date, scope: "\(date)/\(region.name)/\(service)/aws4_request")
    }

    /// The text whose HMAC is the signature.
    package func stringToSign(_ canonical: CanonicalRequest, at time: Timestamp) -> [UInt8] {
        Self.stringToSign(canonical, stamp(time))
    }

    private static func stringToSign(_ canonical: CanonicalRequest, _ stamp: Stamp) -> [UInt8] {
        Array("AWS4-HMAC-SHA256\n\(stamp.time)\n\(stamp.scope)\n\(hash(canonical.bytes))".utf8)
    }

    /// The signature in hexadecimal.
    package func signature(
        of stringToSign: [UInt8], with credentials: Credentials, at time: Timestamp
    ) -> String {
        Self.signature(of: stringToSign, key: key(of: credentials, stamp(time)))
    }

    private static func signature(of stringToSign: [UInt8], key: [UInt8]) -> String {
        Hex.encode(HMACSHA256.authenticate(stringToSign, key: key))
    }

    private func key(of credentials: Credentials, _ stamp: Stamp) -> [UInt8] {
        keys.key(secret: credentials.secretAccessKey, date: stamp.date, region: region, service: service)
    }

    private static func hash(_ bytes: some Collection<UInt8>) -> String {
        Hex.encode(SHA256.hash(bytes))
    }

    private static func hash(_ body: RequestBody) -> String {
        guard let bytes = body.bytes else {
            fatalError("Signer: a streamed body was to be signed by its hash; sign it as unsigned or chunked")
        }
        return bytes.isEmpty ? emptyHash : hash(bytes)
    }

    private static let unsignedPayload = "UNSIGNED-PAYLOAD"
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}
