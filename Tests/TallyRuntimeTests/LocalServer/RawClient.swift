import Glibc
import TallyTestServer

/// A connection to a server on loopback that sends bytes as they are given and shows those that come back.
final class RawClient {
    private let descriptor: Int32
    private var received: [UInt8] = []
    /// Whether the server has closed the connection, or reset it.
    private(set) var isEnded = false
    private(set) var wasReset = false
    private var isOpen = true

    /// Connects.
    ///
    /// - Parameters:
    ///   - port: The server's port.
    ///   - bufferByteCount: How much the kernel holds in each direction; `nil` leaves it as it is.
    /// - Throws: ``Refused``.
    init(_ port: UInt16, bufferByteCount: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var bufferByteCount {
            for option in [SO_RCVBUF, SO_SNDBUF] {
                setsockopt(descriptor, SOL_SOCKET, option, &bufferByteCount, socklen_t(MemoryLayout<Int32>.size))
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var isOn: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        guard result == 0 else { throw Refused(code: errno) }
    }

    struct Refused: Error {
        let code: Int32
    }

    deinit { close() }

    // MARK: - Sending

    /// Sends text as it is.
    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) async throws {
        var left = bytes[...]
        try await Waiting.until("room for \(bytes.count) bytes") {
            left = left.dropFirst(sendWhatFits(left))
            return left.isEmpty
        }
    }

    /// Sends as much as the server takes now, and returns how much that is.
    func sendWhatFits(_ bytes: ArraySlice<UInt8>) -> Int {
        var count = 0
        while count < bytes.count {
            let sent = bytes.dropFirst(count).withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            guard sent > 0 else { break }
            count += sent
        }
        return count
    }

    /// Sends a request with a body of known length.
    func request(_ line: String, _ headers: [String: String] = [:], _ body: [UInt8] = []) async throws {
        let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        let head = "\(line) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n\(fields)\r\n"
        try await send(Array(head.utf8) + body)
    }

    /// Sends a request and waits for its answer.
    func exchange(
        _ line: String, _ headers: [String: String] = [:], _ body: String = ""
    ) async throws -> RawResponse {
        try await request(line, headers, Array(body.utf8))
        return try await response()
    }

    // MARK: - Receiving

    /// Waits for a whole response.
    func response() async throws -> RawResponse {
        try await Waiting.value("a response") {
            receive()
            guard let (response, count) = RawResponse.parse(received) else { return nil }
            received.removeFirst(count)
            return response
        }
    }

    /// Waits for the end of the connection, and returns what came before it.
    func rest() async throws -> String {
        try await Waiting.until("the end of the connection") {
            receive()
            return isEnded
        }
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Waits for a whole response or the end of the connection, and returns what came.
    func responseOrRest() async throws -> String {
        try await Waiting.until("a response or the end of the connection") {
            receive()
            return isEnded || RawResponse.parse(received) != nil
        }
        return String(decoding: received, as: UTF8.self)
    }

    /// Waits until some text has come.
    func received(_ text: String) async throws {
        try await Waiting.until("\(text)") {
            receive()
            return received.firstRange(of: Array(text.utf8)) != nil
        }
    }

    /// How many bytes have come that no response was made of.
    var receivedCount: Int { received.count }

    /// Takes what has come, at most so many bytes.
    func receive(upTo limit: Int = .max) {
        var piece = [UInt8](repeating: 0, count: min(limit, 65_536))
        var left = limit
        while left > 0, !isEnded {
            let count = recv(descriptor, &piece, min(left, piece.count), Int32(MSG_DONTWAIT))
            guard count <= 0 else {
                received += piece[..<count]
                left -= count
                continue
            }
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            wasReset = count < 0
            isEnded = true
        }
    }

    // MARK: - Ending

    /// Closes the connection.
    func close() {
        if isOpen { Glibc.close(descriptor) }
        isOpen = false
    }

    /// Ends the connection in one direction.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends the connection with a reset.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}
