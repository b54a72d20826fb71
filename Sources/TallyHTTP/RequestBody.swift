import Synchronization

/// What a request carries: bytes in memory, or a stream of known length that is read as the network takes it.
///
///     let upload = Request(.put, url, body: try .file("/tmp/report.pdf"))
///
/// A stream takes the memory of two of its pieces, whatever its length. It is opened anew each time the request is
/// sent, so that an attempt can follow another.
public struct RequestBody: Sendable {
    enum Storage: Sendable {
        case bytes(ArraySlice<UInt8>)
        case stream(@Sendable () throws -> ByteStream)
        case pipe(BodyPipe)
    }

    /// The number of bytes; 0 of a body whose length nobody knows.
    public let count: Int
    let storage: Storage

    /// No body.
    public static let none = RequestBody.bytes([])

    /// Bytes in memory.
    ///
    /// - Parameter bytes: The whole body.
    /// - Returns: The body.
    public static func bytes(_ bytes: [UInt8]) -> RequestBody {
        RequestBody(count: bytes.count, storage: .bytes(bytes[...]))
    }

    /// A part of bytes in memory, which is not copied.
    ///
    /// - Parameter bytes: The whole body.
    /// - Returns: The body.
    public static func bytes(_ bytes: ArraySlice<UInt8>) -> RequestBody {
        RequestBody(count: bytes.count, storage: .bytes(bytes))
    }

    /// A stream of known length.
    ///
    /// - Parameters:
    ///   - count: The number of bytes; a stream that ends earlier or goes on makes the request fail.
    ///   - open: Begins the stream, each time from its first byte.
    /// - Returns: The body.
    public static func stream(count: Int, open: @escaping @Sendable () throws -> ByteStream) -> RequestBody {
        RequestBody(count: count, storage: .stream(open))
    }

    /// The content of a file, read in pieces while it is sent.
    ///
    /// - Parameter path: The file's path; it must not change until the request is over.
    /// - Returns: The body.
    /// - Throws: ``TransportError`` when there is no such file or it cannot be read.
    public static func file(_ path: String) throws(TransportError) -> RequestBody {
        let file = try FileReader(path: path)
        return .stream(count: file.count) { try FileReader(path: path).stream() }
    }

    /// What is written into a pipe while it is sent, in chunks.
    ///
    /// - Parameter pipe: The pipe; it serves one request.
    /// - Returns: The body.
    package static func pipe(_ pipe: BodyPipe) -> RequestBody {
        RequestBody(count: 0, storage: .pipe(pipe))
    }

    /// Whether there is no byte.
    public var isEmpty: Bool { count == 0 && pipe == nil }

    /// The pipe that the body is written into.
    package var pipe: BodyPipe? {
        if case .pipe(let pipe) = storage { pipe } else { nil }
    }

    /// The body as a stream, from its first byte.
    package func open() throws -> ByteStream {
        switch storage {
        case .stream(let open):
            return try open()
        case .pipe:
            throw TransportError(.invalidRequest, "a body that is written while it is sent cannot be read before")
        case .bytes(let bytes):
            let rest = Mutex(bytes.isEmpty ? nil : bytes)
            return ByteStream { rest.withLock { $0.take() }.map(Array.init) }
        }
    }

    /// The bytes, when they are in memory.
    public var bytes: ArraySlice<UInt8>? {
        if case .bytes(let bytes) = storage { bytes } else { nil }
    }
}
