import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Removes an object; one that is not there is no error.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - key: The object's key.
    ///   - versionID: Which version to remove for good; `nil` for the newest, of which a marker stays in a bucket that
    ///     keeps versions.
    ///   - ifMatch: The entity tag that the object must still have; `nil` removes in any case.
    ///   - models: The models on whose behalf.
    /// - Throws: ``ServiceError`` when the condition does not hold, S3 refuses or retries run out.
    /// - Cost: Nothing.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html>
    public func deleteObject(
        bucket: String, key: String, versionID: String? = nil, ifMatch: String? = nil, models: [ModelName] = []
    ) async throws(ServiceError) {
        var headers = Headers()
        if let ifMatch { WriteCondition.ifMatch(ifMatch).add(to: &headers) }
        let call = try call(
            "DeleteObject", .delete, bucket: bucket, key: key, query: [("versionId", versionID)], headers: headers,
            models: models
        )
        try await client.send(call) { (_, _) throws(ServiceError) in }
    }
}
