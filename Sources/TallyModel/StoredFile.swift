public import TallyHTTP
import TallyMetrics

/// A file whose content lies in S3 while the item holds a pointer to it.
///
/// Made from content, it is uploaded by the next save and comes back as a pointer:
///
///     document.content = StoredFile(bytes, name: "report.pdf", contentType: "application/pdf")
///     let saved = try await store.save(document)
///     saved.content?.location        // the object
///
/// Read from the table, it is a pointer: reading an item never downloads.
/// ``Store/content(of:)`` and ``Store/stream(_:)`` fetch the content and verify it.
public struct StoredFile: Sendable {
    /// The object that holds the content.
    public struct Location: Sendable, Hashable {
        /// The bucket.
        public let bucket: String
        /// The object's key.
        public let key: String
        /// The content's CRC-64/NVME in base64, as S3 keeps it.
        public let checksum: String
    }

    enum Source: Sendable {
        case bytes([UInt8])
        case stream(ByteStream)
        case object(Location)
    }

    /// The file's name, as the uploader called it.
    public let name: String
    /// The content's media type, such as `application/pdf`.
    public let contentType: String
    /// The content's size in bytes.
    public let size: Int
    let source: Source
    /// The model that the file was read with, for which fetching it counts.
    let owner: ModelName?

    /// Creates a file from content in memory.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - name: The file's name.
    ///   - contentType: The content's media type.
    public init(_ bytes: [UInt8], name: String, contentType: String = "application/octet-stream") {
        self.init(name: name, contentType: contentType, size: bytes.count, source: .bytes(bytes))
    }

    /// Creates a file from content that arrives as a stream, and is never in memory as a whole.
    ///
    /// - Parameters:
    ///   - stream: The content. It can be read once, so that a save that failed needs a new one.
    ///   - size: The content's size in bytes; a stream of another length fails the save.
    ///   - name: The file's name.
    ///   - contentType: The content's media type.
    public init(
        streaming stream: ByteStream, size: Int, name: String, contentType: String = "application/octet-stream"
    ) {
        self.init(name: name, contentType: contentType, size: size, source: .stream(stream))
    }

    init(name: String, contentType: String, size: Int, source: Source, owner: ModelName? = nil) {
        self.owner = owner
        self.name = name
        self.contentType = contentType
        self.size = size
        self.source = source
    }

    /// The object that holds the content; `nil` before the file is saved.
    public var location: Location? {
        if case .object(let location) = source { location } else { nil }
    }

    /// The same file, stored.
    func stored(at location: Location, owner: ModelName) -> StoredFile {
        StoredFile(name: name, contentType: contentType, size: size, source: .object(location), owner: owner)
    }
}

extension StoredFile: CustomStringConvertible {
    /// The file's name, type and size, never its content.
    public var description: String {
        "StoredFile(\(name), \(contentType), \(size) bytes\(location.map { ", s3://\($0.bucket)/\($0.key)" } ?? ""))"
    }
}
