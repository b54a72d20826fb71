import TallyHTTP
import TallyMetrics
import TallyWire

/// Amazon S3, one method an operation.
///
///     let s3 = S3(client)
///     try await s3.putObject(.init(bucket: "reports", key: "2026/11.pdf", body: bytes, contentType: "application/pdf"))
///     let object = try await s3.getObject(.init(bucket: "reports", key: "2026/11.pdf"))
///
/// Content is checked end to end: every upload carries its checksum, every download is compared with the one that S3
/// kept.
public struct S3: Sendable {
    let client: ServiceClient

    /// Creates the service's operations.
    ///
    /// - Parameter client: What makes the calls.
    public init(_ client: ServiceClient) {
        self.client = client
    }

    /// A call on a bucket, or on one of its objects.
    func call(
        _ operation: String, _ method: Request.Method, bucket: String, key: String? = nil,
        query: [(name: String, value: String?)] = [], headers: Headers = Headers(), body: RequestBody = .none,
        contentLength: Int = 0, models: [ModelName]
    ) throws(ServiceError) -> ServiceCall {
        var call = ServiceCall(
            .s3, operation, resource: bucket, models: models,
            request: Request(method, "", headers: headers, body: body),
            contentLength: contentLength
        )
        call.subject = key.map { "\(bucket)/\($0)" } ?? bucket
        do throws(ConfigurationError) {
            let base = try client.endpoints.bucketURL(bucket, in: client.region)
            var path = ""
            if let key {
                guard (1...1_024).contains(key.utf8.count) else {
                    throw ConfigurationError(
                        "key", "an object's key has 1 to 1,024 bytes, this one \(key.utf8.count).")
                }
                path = PercentEncoding.encodePath(key)
            }
            call.request.url = "\(base)/\(path)\(Self.queryString(query))"
        } catch {
            var failure = call.failure(.invalidRequest, "\(error)")
            failure.underlying = error
            throw failure
        }
        call.payload = client.payloadSigning.applies(to: call.request.url) ? .hashInHeader : .unsigned
        return call
    }

    /// Creates what a call needs, and makes an error of the call of what is wrong with it.
    func valid<Value>(
        _ operation: String, _ bucket: String, _ make: () throws(InvalidInput) -> Value
    ) throws(ServiceError) -> Value {
        do throws(InvalidInput) { return try make() } catch {
            throw ServiceError(.invalidRequest, error.message, service: .s3, operation: operation, resource: bucket)
        }
    }

    /// Reads an answer in XML whose outermost element is one of `roots`: other servers than AWS's call some otherwise.
    static func document(
        _ response: Response, _ roots: String..., of call: ServiceCall
    ) throws(ServiceError) -> XMLElement {
        // S3 may keep the connection alive with white space before it knows what to answer.
        let body = response.body.drop { $0 == 0x20 || (9...13).contains($0) }
        guard let document = XMLElement(Array(body)) else {
            throw call.failure(.invalidResponse, "the body is not what S3 sends", retry: .transient)
        }
        // It answers some calls with 200 before it knows whether they will succeed.
        if document.name == "Error" { throw ServiceError(response, to: call, status: 500) }
        guard roots.contains(document.name) else {
            throw call.failure(
                .invalidResponse, "the body is a \(document.name), not a \(roots[0])", retry: .transient)
        }
        return document
    }

    /// Parameters that are `nil` are left out.
    private static func queryString(_ parameters: [(name: String, value: String?)]) -> String {
        let present = parameters.compactMap { name, value in value.map { (name: name, value: $0) } }
        return present.isEmpty ? "" : "?" + PercentEncoding.encodeForm(present)
    }
}
