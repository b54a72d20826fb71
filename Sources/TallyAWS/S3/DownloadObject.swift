import TallyHTTP
public import TallyMetrics

extension S3 {
    /// Reads an object into a file, in constant memory.
    ///
    /// The content is written beside the path first and takes its place when all of it has arrived and matches its
    /// checksum: whoever opens the path finds the old file or the whole new one.
    ///
    /// - Parameters:
    ///   - input: What to read.
    ///   - path: The file's path; a file that is there is replaced.
    ///   - models: The models on whose behalf.
    /// - Returns: What S3 tells of the object.
    /// - Throws: `TransportError` when the file cannot be written, or ``ServiceError`` as ``streamObject(_:models:)``
    ///   does.
    /// - Cost: One GET request, and one more each time the content breaks off.
    @discardableResult
    public func downloadObject(
        _ input: GetObjectInput, to path: String, models: [ModelName] = []
    ) async throws -> ObjectInfo {
        let object = try await streamObject(input, models: models)
        let file = try FileWriter(path: path)
        for try await piece in object.body { try file.write(piece) }
        try file.commit()
        return object.info
    }
}
