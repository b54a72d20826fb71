import TallyHTTP
import TallyMetrics

/// Cuts a stream of known length into parts, and refuses content of any other length.
struct PartReader {
    private var pieces: ByteStream.AsyncIterator
    private let length: Int
    private let target: S3.UploadTarget
    /// What has arrived and belongs to no part yet.
    private var rest: ArraySlice<UInt8> = []
    private var delivered = 0

    init(_ content: ByteStream, length: Int, target: S3.UploadTarget) {
        pieces = content.makeAsyncIterator()
        self.length = length
        self.target = target
    }

    /// Returns the next `count` bytes.
    ///
    /// With the last byte it makes sure that the content ends there, so that content of the wrong length never becomes
    /// an object.
    mutating func next(_ count: Int) async throws -> [UInt8] {
        var part: [UInt8] = []
        if rest.isEmpty, count > 0, let piece = try await pieces.next() {
            // A piece of just the right size is handed on without a copy.
            if piece.count == count { part = piece } else { rest = piece[...] }
        }
        if part.isEmpty { part.reserveCapacity(count) }
        while part.count < count {
            if rest.isEmpty {
                guard let piece = try await pieces.next() else {
                    throw mismatch("ended after \(delivered + part.count) bytes")
                }
                rest = piece[...]
            }
            let taken = rest.prefix(count - part.count)
            part.append(contentsOf: taken)
            rest = rest.dropFirst(taken.count)
        }
        delivered += count
        if delivered == length, try await !isAtEnd() { throw mismatch("goes on after that") }
        return part
    }

    private mutating func isAtEnd() async throws -> Bool {
        guard rest.isEmpty else { return false }
        return try await pieces.next() == nil
    }

    private func mismatch(_ seen: String) -> ServiceError {
        ServiceError(
            .invalidRequest, "the content was announced as \(length) bytes and \(seen)", service: .s3,
            operation: "PutObject", resource: "\(target.bucket)/\(target.key)"
        )
    }
}
