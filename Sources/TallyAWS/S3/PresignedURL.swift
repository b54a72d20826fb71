import TallyHTTP

extension S3 {
    /// Returns a URL with which anyone can read an object until `lifetime` has passed; makes no call.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - key: The object's key.
    ///   - lifetime: How long the URL works, 1 second to 7 days; never longer than the credentials it is signed with.
    /// - Returns: The URL, for GET.
    /// - Throws: ``ServiceError`` when the lifetime, bucket or key cannot be used, or there are no credentials.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
    public func presignedURL(
        bucket: String, key: String, lifetime: Duration
    ) async throws(ServiceError) -> String {
        let call = try call("GetObject", .get, bucket: bucket, key: key, models: [])
        return try await presign(call, lifetime: lifetime)
    }

    /// Returns a URL with which anyone can store an object until `lifetime` has passed; makes no call.
    ///
    /// Whoever uses it must send the media type as a `Content-Type` header, and content of the length given: S3 refuses
    /// anything else.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - key: The object's key.
    ///   - contentType: The content's media type; `nil` leaves it to the sender.
    ///   - contentLength: The content's length in bytes; `nil` leaves it to the sender.
    ///   - lifetime: How long the URL works, 1 second to 7 days; never longer than the credentials it is signed with.
    /// - Returns: The URL, for PUT.
    /// - Throws: ``ServiceError`` when the lifetime, bucket or key cannot be used, or there are no credentials.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html>
    public func presignedUploadURL(
        bucket: String, key: String, contentType: String? = nil, contentLength: Int? = nil, lifetime: Duration
    ) async throws(ServiceError) -> String {
        var headers = Headers()
        if let contentLength { headers.add("Content-Length", "\(contentLength)") }
        if let contentType { headers.add("Content-Type", contentType) }
        let call = try call("PutObject", .put, bucket: bucket, key: key, headers: headers, models: [])
        return try await presign(call, lifetime: lifetime)
    }

    private func presign(_ call: ServiceCall, lifetime: Duration) async throws(ServiceError) -> String {
        guard lifetime >= .seconds(1), lifetime <= .seconds(604_800) else {
            throw call.failure(.invalidRequest, "a URL works for 1 second to 7 days, not \(lifetime)")
        }
        return try await client.presign(call, lifetime: lifetime)
    }
}
