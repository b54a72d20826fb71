import Glibc

/// An open file, read from its beginning to its end.
final class FileReader: Sendable {
    // 256 KiB: a few of them fill a connection, and reading one from a local disk takes less than a millisecond.
    private static let pieceSize = 256 << 10

    let count: Int
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(TransportError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let failure = Self.failure(path)
            close(descriptor)
            throw failure
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw TransportError(.bodyFailed, "\(path): not a file. Name a file whose length is known")
        }
        count = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// The content in pieces, from where the last reading ended.
    func stream() -> ByteStream {
        ByteStream { try self.next() }
    }

    private func next() throws(TransportError) -> [UInt8]? {
        var length = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, initialized in
            repeat { length = read(descriptor, buffer.baseAddress, Self.pieceSize) } while length < 0 && errno == EINTR
            initialized = max(0, length)
        }
        guard length >= 0 else { throw Self.failure(path) }
        return piece.isEmpty ? nil : piece
    }

    private static func failure(_ path: String) -> TransportError {
        TransportError(.bodyFailed, "\(path): \(String(cString: strerror(errno)))")
    }
}
