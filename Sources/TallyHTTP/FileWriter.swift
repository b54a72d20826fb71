import Glibc

/// Writes a file beside its place, and puts it there when it is whole.
package final class FileWriter {
    private let path: String
    private let partialPath: String
    private let descriptor: Int32
    private var isCommitted = false

    package init(path: String) throws(TransportError) {
        self.path = path
        var random = SystemRandomNumberGenerator()
        partialPath = "\(path).\(String(random.next(), radix: 36)).partial"
        descriptor = open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(partialPath) }
    }

    package func write(_ bytes: [UInt8]) throws(TransportError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Puts the file in its place.
    package func commit() throws(TransportError) {
        guard rename(partialPath, path) == 0 else { throw Self.failure(path) }
        isCommitted = true
    }

    private static func failure(_ path: String) -> TransportError {
        TransportError(.fileFailed, "\(path): \(String(cString: strerror(errno)))")
    }
}
