/// Bytes that arrive in pieces, to be read once.
///
///     for try await piece in stream { file.write(piece) }
///
/// The source waits while no piece is asked for, so memory stays bounded whatever the total is.
public struct ByteStream: AsyncSequence, Sendable {
    /// A non-empty piece of the whole.
    public typealias Element = [UInt8]

    /// Reads the pieces in order.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        fileprivate let next: @Sendable () async throws -> [UInt8]?

        /// Returns the next piece, or `nil` after the last.
        ///
        /// - Returns: A non-empty piece, or `nil` after the last.
        /// - Throws: What the source throws when it breaks off; for a response, ``TransportError``.
        public mutating func next() async throws -> [UInt8]? {
            try await next()
        }
    }

    private let next: @Sendable () async throws -> [UInt8]?

    /// Creates a stream that takes its pieces from `next` until it returns `nil`.
    ///
    /// - Parameter next: Returns the next piece, or `nil` after the last.
    public init(next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.next = next
    }

    /// Returns the iterator; there is one reading, however many iterators share it.
    ///
    /// - Returns: The iterator.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(next: next)
    }

    /// Reads the rest into memory.
    ///
    /// - Returns: Every byte not yet read.
    /// - Throws: What the source throws when it breaks off.
    public func collect() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in self { bytes.append(contentsOf: piece) }
        return bytes
    }
}
