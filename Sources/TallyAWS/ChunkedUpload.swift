import Synchronization
package import TallyHTTP
import TallyWire

/// A checksum that grows with the content and follows it.
package protocol RunningChecksum: Sendable {
    mutating func update(_ bytes: some Collection<UInt8>)
    /// The checksum so far, as S3's headers carry it.
    var base64: String { get }
}

extension CRC64NVME: RunningChecksum {}
extension CRC32: RunningChecksum {}

/// Content framed as `aws-chunked`, so that its checksum can follow it: one reading of the content is enough.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>
package struct ChunkedUpload: Sendable {
    /// The checksum that follows the content.
    package struct Trailer: Sendable {
        /// The header's name, such as `x-amz-checksum-crc64nvme`.
        package let name: String
        /// Begins the checksum.
        package let begin: @Sendable () -> any RunningChecksum
        /// The length of the checksum's text.
        package let length: Int

        package init(_ name: String, length: Int, begin: @escaping @Sendable () -> any RunningChecksum) {
            self.name = name
            self.length = length
            self.begin = begin
        }

        package static let crc64NVME = Trailer("x-amz-checksum-crc64nvme", length: 12) { CRC64NVME() }
        package static let crc32 = Trailer("x-amz-checksum-crc32", length: 8) { CRC32() }
    }

    /// What each chunk is signed with; each signature covers the one before.
    package struct Signing: Sendable {
        let key: [UInt8]
        /// Time and scope, as they stand in the texts that are signed.
        let context: String
        /// The signature of the request's headers.
        let seed: String
    }

    // 64 KiB: what AWS's examples use; the frame is then 0.1 % of the content.
    static let chunkSize = 64 << 10
    private static let emptyHash = Hex.encode(SHA256.hash([]))

    private let content: RequestBody
    private let trailer: Trailer

    package init(_ content: RequestBody, trailer: Trailer) {
        self.content = content
        self.trailer = trailer
    }

    /// Adds the headers that say what the body is.
    package func announce(in headers: inout Headers) {
        headers["Content-Encoding"] = headers["Content-Encoding"].map { "aws-chunked,\($0)" } ?? "aws-chunked"
        headers["x-amz-decoded-content-length"] = "\(content.count)"
        headers["x-amz-trailer"] = trailer.name
    }

    /// The framed content.
    package func body(signing: Signing?) -> RequestBody {
        .stream(count: count(isSigned: signing != nil)) { [content, trailer] in
            let framer = Framer(try content.open(), trailer: trailer, signing: signing)
            return ByteStream { try await framer.next() }
        }
    }

    /// The length of the framed content.
    func count(isSigned: Bool) -> Int {
        func frame(_ size: Int) -> Int {
            String(size, radix: 16).utf8.count + 2 + (isSigned ? ";chunk-signature=".utf8.count + 64 : 0)
        }
        let (whole, rest) = content.count.quotientAndRemainder(dividingBy: Self.chunkSize)
        var count = whole * (frame(Self.chunkSize) + Self.chunkSize + 2)
        if rest > 0 { count += frame(rest) + rest + 2 }
        count += frame(0) + trailer.name.utf8.count + 1 + trailer.length + 2
        if isSigned { count += "x-amz-trailer-signature:".utf8.count + 64 + 2 }
        return count + 2
    }
}

extension ChunkedUpload {
    /// Cuts content into chunks, and frames them one by one.
    private final class Framer: Sendable {
        private struct State: Sendable {
            var pieces: ByteStream.AsyncIterator
            var rest: ArraySlice<UInt8> = []
            var checksum: any RunningChecksum
            var signature: String
            var isOver = false
        }

        private let trailer: Trailer
        private let signing: Signing?
        private let state: Mutex<State>

        init(_ content: ByteStream, trailer: Trailer, signing: Signing?) {
            self.trailer = trailer
            self.signing = signing
            state = Mutex(
                State(
                    pieces: content.makeAsyncIterator(), checksum: trailer.begin(), signature: signing?.seed ?? ""))
        }

        func next() async throws -> [UInt8]? {
            // One reader at a time, as of every stream: the state is its own while it waits for content.
            var state = state.withLock { $0 }
            guard !state.isOver else { return nil }
            let chunk = try await Self.chunk(of: &state)
            state.checksum.update(chunk)
            var framed = frame(chunk, &state.signature)
            if chunk.isEmpty {
                end(&framed, state)
                state.isOver = true
            }
            let rest = state
            self.state.withLock { $0 = rest }
            return framed
        }

        private static func chunk(of state: inout State) async throws -> [UInt8] {
            var chunk: [UInt8] = []
            while chunk.count < chunkSize {
                if state.rest.isEmpty {
                    guard let piece = try await state.pieces.next() else { break }
                    state.rest = piece[...]
                }
                let taken = state.rest.prefix(chunkSize - chunk.count)
                chunk.append(contentsOf: taken)
                state.rest = state.rest.dropFirst(taken.count)
            }
            return chunk
        }

        private func frame(_ chunk: [UInt8], _ signature: inout String) -> [UInt8] {
            var line = String(chunk.count, radix: 16)
            if let signing {
                signature = signing.sign(
                    "AWS4-HMAC-SHA256-PAYLOAD", after: signature,
                    "\(emptyHash)\n\(Hex.encode(SHA256.hash(chunk)))")
                line += ";chunk-signature=\(signature)"
            }
            var framed: [UInt8] = []
            framed.reserveCapacity(line.utf8.count + chunk.count + 4)
            framed += line.utf8
            framed += "\r\n".utf8
            if !chunk.isEmpty {
                framed += chunk
                framed += "\r\n".utf8
            }
            return framed
        }

        private func end(_ framed: inout [UInt8], _ state: State) {
            let field = "\(trailer.name):\(state.checksum.base64)"
            framed += "\(field)\r\n".utf8
            if let signing {
                let signature = signing.sign(
                    "AWS4-HMAC-SHA256-TRAILER", after: state.signature,
                    Hex.encode(SHA256.hash(Array("\(field)\n".utf8))))
                framed += "x-amz-trailer-signature:\(signature)\r\n".utf8
            }
            framed += "\r\n".utf8
        }
    }
}

extension ChunkedUpload.Signing {
    fileprivate func sign(_ algorithm: String, after previous: String, _ hashes: String) -> String {
        Hex.encode(HMACSHA256.authenticate(Array("\(algorithm)\n\(context)\n\(previous)\n\(hashes)".utf8), key: key))
    }
}
