public import TallyHTTP
public import TallyMetrics

extension S3 {
    /// An object whose content is read as it arrives.
    public struct StreamedObject: Sendable {
        /// The content.
        ///
        /// It ends without an error only when all of it arrived and matches its checksum.
        public var body: ByteStream
        /// What S3 tells of the object.
        public var info: ObjectInfo
    }

    /// Begins to read an object, and returns when its headers have arrived.
    ///
    /// The call counts as one until its stream has ended or is dropped; that is when it is recorded. When the content
    /// breaks off, the rest is asked for again (with the entity tag, so that it is of the same object), as often as the
    /// retry policy has attempts without a new byte; the checksum is that of the whole.
    ///
    /// - Parameters:
    ///   - input: What to read.
    ///   - models: The models on whose behalf.
    /// - Returns: The content as a stream.
    /// - Throws: ``ServiceError``: ``ServiceError/Code/noSuchKey`` when there is no object, or when S3 refuses or
    ///   retries run out. The stream throws ``ServiceError`` too.
    /// - Cost: One GET request, and one more each time the content breaks off.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>
    public func streamObject(
        _ input: GetObjectInput, models: [ModelName] = []
    ) async throws(ServiceError) -> StreamedObject {
        let call = try objectCall("GetObject", .get, input, models: models)
        var account = CallAccount(call, in: client.region, at: client.effects.now())
        let response: StreamedResponse
        do throws(ServiceError) {
            response = try await client.stream(call, &account)
        } catch {
            account.close(at: client.effects.now())
            throw error
        }
        let info = ObjectInfo(response.headers)
        let reader = ObjectReader(
            response.body, of: call, account, info: info, range: input.range,
            checksum: response.status == 200 ? ObjectChecksum(response.headers) : nil, client: client
        )
        return StreamedObject(body: ByteStream { try await reader.next() }, info: info)
    }
}
