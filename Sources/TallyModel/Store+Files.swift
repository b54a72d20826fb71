import TallyAWS
public import TallyHTTP
import TallyMetrics

extension Store {
    /// Fetches a file's content.
    ///
    /// - Parameter file: A file as it was read or saved.
    /// - Returns: The content, which has the size and checksum of the pointer.
    /// - Throws: `ServiceError` when S3 refuses, ``ModelError`` when the file is not stored or the object is another.
    /// - Cost: One GET request.
    public func content(of file: StoredFile) async throws -> [UInt8] {
        try await MetricsScope.explaining("content", of: file.owner ?? .storedFile, table: nil) {
            try await MetricsScope.timing(.fileResolve, for: file.owner) { try await stream(file).collect() }
        }
    }

    /// Fetches a file's content piece by piece, in memory that does not grow with it.
    ///
    /// - Parameter file: A file as it was read or saved.
    /// - Returns: The content. Its last piece comes after its checksum was verified, so that a reading that ends
    ///   without error has read the right bytes.
    /// - Throws: `ServiceError` when S3 refuses, ``ModelError`` when the file is not stored or the object is another.
    /// - Cost: One GET request.
    public func stream(_ file: StoredFile) async throws -> ByteStream {
        let location = try stored(file)
        let object = try await s3.streamObject(
            .init(bucket: location.bucket, key: location.key), models: file.owner.map { [$0] } ?? [])
        guard object.info.contentLength == file.size else {
            throw ModelError(
                .file, model: file.owner?.rawValue ?? "StoredFile",
                "s3://\(location.bucket)/\(location.key) has \(object.info.contentLength.map(String.init) ?? "?") bytes, "
                    + "its pointer says \(file.size). Look for who wrote the object besides Tally")
        }
        return object.body
    }

    /// Makes a URL from which anybody can fetch a file's content for some time.
    ///
    /// It makes no call.
    ///
    /// - Parameters:
    ///   - file: A file as it was read or saved.
    ///   - lifetime: How long the URL works, 1 second to 7 days.
    /// - Returns: The URL.
    /// - Throws: ``ModelError`` when the file is not stored, `ServiceError` when there are no credentials.
    public func presignedURL(of file: StoredFile, lifetime: Duration = .seconds(900)) async throws -> String {
        let location = try stored(file)
        return try await s3.presignedURL(bucket: location.bucket, key: location.key, lifetime: lifetime)
    }

    private func stored(_ file: StoredFile) throws(ModelError) -> StoredFile.Location {
        guard let location = file.location else {
            throw ModelError(
                .file, model: file.owner?.rawValue ?? "StoredFile",
                "'\(file.name)' has no content in S3 yet; save its model and use what the save returns")
        }
        return location
    }
}

extension ModelName {
    /// Of a file that was not read with a model.
    fileprivate static let storedFile = ModelName(rawValue: "StoredFile")
}
