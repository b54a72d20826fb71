import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Returns an object's tags.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - key: The object's key.
    ///   - models: The models on whose behalf.
    /// - Returns: Names and values.
    /// - Throws: ``ServiceError`` when there is no object, S3 refuses or retries run out.
    /// - Cost: One GET request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html>
    public func getObjectTagging(
        bucket: String, key: String, models: [ModelName] = []
    ) async throws(ServiceError) -> [String: String] {
        let call = try call(
            "GetObjectTagging", .get, bucket: bucket, key: key, query: [("tagging", "")], models: models)
        return try await client.send(call) { (response, _) throws(ServiceError) in
            let tags = try Self.document(response, "Tagging", of: call).first("TagSet")?.all("Tag") ?? []
            return tags.reduce(into: [:]) { $0[$1["Key"] ?? ""] = $1["Value"] ?? "" }
        }
    }
}
