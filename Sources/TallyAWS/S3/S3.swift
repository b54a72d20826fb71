import TallyHTTP
import TallyMetrics
import TallyWire

/// Amazon S3, one method an operation.
///
///     let s3 = S3(client)
///     try await s3.putObject(.init(bucket: "reports", key: "2026/11.pdf", body: bytes, contentType: "application/pdf"))
///     let object = try await s3.getObject(.init(bucket: "reports", key: "2026/11.pdf"))
///
/// Content is checked end to end: every upload carries its CRC64NVME, every download is compared with the checksum
/// that S3 kept.
public struct S3: Sendable {
    let client: ServiceClient

    /// Creates the service's operations.
    ///
    /// - Parameter client: What makes the calls.
    public init(_ client: ServiceClient) {
        self.client = client
    }

    /// A call on one object.
    func call(
        _ operation: String, _ method: Request.Method, bucket: String, key: String,
        query: [(name: String, value: String)] = [], headers: Headers = Headers(), body: RequestBody = .none,
        contentLength: Int = 0, models: [ModelName]
    ) throws(ServiceError) -> ServiceCall {
        var call = ServiceCall(
            .s3, operation, resource: bucket, models: models,
            request: Request(method, "", headers: headers, body: body),
            contentLength: contentLength
        )
        call.subject = "\(bucket)/\(key)"
        do throws(ConfigurationError) {
            guard (1...1_024).contains(key.utf8.count) else {
                throw ConfigurationError("key", "an object's key has 1 to 1,024 bytes, this one \(key.utf8.count).")
            }
            let base = try client.endpoints.bucketURL(bucket, in: client.region)
            call.request.url = "\(base)/\(PercentEncoding.encodePath(key))\(Self.queryString(query))"
        } catch {
            var failure = call.failure(.invalidRequest, "\(error)")
            failure.underlying = error
            throw failure
        }
        call.payload = client.payloadSigning.applies(to: call.request.url) ? .hashInHeader : .unsigned
        return call
    }

    private static func queryString(_ parameters: [(name: String, value: String)]) -> String {
        guard !parameters.isEmpty else { return "" }
        return "?" + parameters.map { "\($0.name)=\(PercentEncoding.encodeComponent($0.value))" }.joined(separator: "&")
    }
}
