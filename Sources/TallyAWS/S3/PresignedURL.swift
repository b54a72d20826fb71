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
        guard lifetime >= .seconds(1), lifetime <= .seconds(604_800) else {
            throw call.failure(.invalidRequest, "a URL works for 1 second to 7 days, not \(lifetime)")
        }
        return try await client.presign(call, lifetime: lifetime)
    }
}
