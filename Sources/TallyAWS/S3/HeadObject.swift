import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Returns what S3 tells of an object, without its content.
    ///
    /// - Parameters:
    ///   - input: Which object; a range is not looked at.
    ///   - models: The models on whose behalf.
    /// - Returns: The object's length, type, tag and attributes.
    /// - Throws: ``ServiceError``: ``ServiceError/Code/noSuchKey`` when there is no object, ``ServiceError/Code/notModified``
    ///   or ``ServiceError/Code/preconditionFailed`` as the conditions ask, or when S3 refuses or retries run out.
    /// - Cost: One GET request.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>
    public func headObject(_ input: GetObjectInput, models: [ModelName] = []) async throws(ServiceError) -> ObjectInfo {
        var input = input
        input.range = nil
        let call = try objectCall("HeadObject", .head, input, models: models)
        return try await client.send(call) { (response, _) throws(ServiceError) in ObjectInfo(response.headers) }
    }
}
