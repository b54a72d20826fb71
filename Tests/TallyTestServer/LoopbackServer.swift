import Glibc
import Synchronization

/// A server on loopback that answers from a script, byte for byte, one thread a connection.
package final class LoopbackServer: Sendable {
    /// What a connection does with a request that has arrived.
    package enum Step: Sendable {
        /// Sends text and waits for the next request.
        case send(String)
        /// Sends bytes that need be no text.
        case bytes([UInt8])
        /// Sends bytes until the peer takes no more, counting them.
        case flood(Int)
        /// Sends text one byte at a time, with this much time between two of them.
        case drip(String, every: Duration)
        /// Goes on once the gate is open.
        case wait(Gate)
        /// Opens the gate.
        case open(Gate)
        /// Closes the connection.
        case close
        /// Ends the connection with a reset, so that the peer's next read or write fails.
        case reset
        /// Takes whatever comes, and answers nothing until the server is stopped.
        case hang
        /// Does not read either, so that the peer can send only what the kernel holds.
        case stall
    }

    /// How much of a request the script waits for.
    package enum Moment: Sendable {
        /// Anything at all, as of a peer that begins with TLS; the request is empty.
        case firstByte
        /// The headers; the body stays unread.
        case headers
        /// The whole request.
        case body
    }

    /// A request, as far as the script waits for it.
    package struct Request: Sendable {
        /// Request line and headers, without the empty line.
        package var head: String
        /// The body.
        package var body: [UInt8]
        /// The connection's number, from 1.
        package var connection: Int
        /// The request's number, from 0.
        package var number: Int
        /// The sizes of the chunks in which the body came; empty for a body of known length.
        package var chunkSizes: [Int] = []
        /// The header lines behind a chunked body.
        package var trailers: [String] = []
    }

    private struct State {
        /// What has arrived, in order.
        package var requests: [Request] = []
        var connections = 0
        var descriptors: [Int32] = []
        /// Connections of its own that keep the backlog full.
        var fillers: [Int32] = []
        var flooded = 0
        var resets = 0
    }

    /// The port it listens on.
    package let port: UInt16
    private let listener: Int32
    private let moment: Moment
    private let script: @Sendable (Request) -> [Step]
    private let state = Mutex(State())

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - accepts: Whether connections are accepted; otherwise they wait in the backlog and nothing is read.
    ///   - moment: How much of a request the script waits for.
    ///   - script: What to do with a request.
    /// - Throws: ``Failure`` when no port is to be had.
    package init(
        accepts: Bool = true, at moment: Moment = .body, _ script: @escaping @Sendable (Request) -> [Step]
    ) throws {
        self.moment = moment
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard bound else { throw Failure(errno: errno) }
        port = UInt16(bigEndian: address.sin_port)
        if accepts { start { $0.acceptConnections() } }
    }

    /// Why there is no server.
    package struct Failure: Error {
        let errno: Int32
    }

    /// Where requests go.
    package var url: String { "http://127.0.0.1:\(port)/" }
    /// Where requests over TLS go.
    package var secureURL: String { "https://127.0.0.1:\(port)/" }
    /// What has arrived, in order.
    package var requests: [Request] { state.withLock { $0.requests } }
    /// How many connections were accepted.
    package var connections: Int { state.withLock { $0.connections } }
    /// How many connections were reset; the peer knows of each by then.
    package var resets: Int { state.withLock { $0.resets } }
    /// Bytes that the peer has taken of a flood.
    package var flooded: Int { state.withLock { $0.flooded } }

    /// Ends every connection and accepts no more.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        closeConnections()
    }

    /// Ends every connection, and goes on accepting others.
    package func closeConnections() {
        state.withLock { state in
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Fills the backlog of a server that does not accept, so that the next connection is never established.
    package func fillBacklog() {
        let backlog: Int32 = 0
        listen(listener, backlog)
        var address = Self.loopback
        address.sin_port = port.bigEndian
        // The kernel keeps one connection more than the backlog says.
        for _ in 0..<(backlog + 2) {
            let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    _ = connect(filler, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            state.withLock { $0.fillers.append(filler) }
        }
    }

    deinit {
        // Not before: its number would be another server's by the time of a second `stop()`.
        close(listener)
        state.withLock { state in for filler in state.fillers { close(filler) } }
    }

    private static var loopback: sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private func start(_ body: @escaping @Sendable (LoopbackServer) -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Work(server: self, body: body))
        pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
                work.body(work.server)
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }

    private final class Work: Sendable {
        let server: LoopbackServer
        let body: @Sendable (LoopbackServer) -> Void

        init(server: LoopbackServer, body: @escaping @Sendable (LoopbackServer) -> Void) {
            self.server = server
            self.body = body
        }
    }

    private func acceptConnections() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let number = state.withLock { state in
                state.connections += 1
                state.descriptors.append(descriptor)
                return state.connections
            }
            start { $0.serve(descriptor, number) }
        }
    }

    private func serve(_ descriptor: Int32, _ connection: Int) {
        var isOpen = true
        defer { if isOpen { shutdown(descriptor, Int32(SHUT_RDWR)) } }
        var buffer: [UInt8] = []
        while var request = read(&buffer, from: descriptor, connection) {
            request = state.withLock { state in
                request.number = state.requests.count
                state.requests.append(request)
                return request
            }
            for step in script(request) {
                switch step {
                case .send(let text): write(Array(text.utf8), to: descriptor)
                case .bytes(let bytes): write(bytes, to: descriptor)
                case .flood(let count): flood(count, descriptor)
                case .drip(let text, let interval): drip(text, interval, descriptor)
                case .wait(let gate): gate.pass()
                case .open(let gate): gate.open()
                case .close: return
                case .reset:
                    isOpen = false
                    return reset(descriptor)
                case .stall:
                    // No event is asked for: only the end of the connection ends the wait.
                    var end = pollfd(fd: descriptor, events: 0, revents: 0)
                    poll(&end, 1, -1)
                    return
                case .hang:
                    var byte: UInt8 = 0
                    while recv(descriptor, &byte, 1, 0) > 0 {}
                    return
                }
            }
        }
    }

    private func read(_ buffer: inout [UInt8], from descriptor: Int32, _ connection: Int) -> Request? {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
                let length =
                    head.split(separator: "\r\n").compactMap { line in
                        line.lowercased().hasPrefix("content-length:") ? Int(line.dropFirst(16)) : nil
                    }.first ?? 0
                if moment == .headers {
                    buffer.removeFirst(end.upperBound)
                    return Request(head: head, body: [], connection: connection, number: 0)
                }
                if head.lowercased().contains("transfer-encoding: chunked") {
                    if let chunked = ChunkedBody(buffer[end.upperBound...]) {
                        buffer.removeFirst(chunked.end)
                        return Request(
                            head: head, body: chunked.bytes, connection: connection, number: 0,
                            chunkSizes: chunked.sizes, trailers: chunked.trailers)
                    }
                } else if buffer.count >= end.upperBound + length {
                    let body = Array(buffer[end.upperBound..<(end.upperBound + length)])
                    buffer.removeFirst(end.upperBound + length)
                    return Request(head: head, body: body, connection: connection, number: 0)
                }
            }
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            if moment == .firstByte { return Request(head: "", body: [], connection: connection, number: 0) }
            buffer += piece[..<count]
        }
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) {
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            left = left.dropFirst(count)
        }
    }

    private func drip(_ text: String, _ interval: Duration, _ descriptor: Int32) {
        for byte in text.utf8 {
            write([byte], to: descriptor)
            usleep(UInt32(interval / .microseconds(1)))
        }
    }

    private func reset(_ descriptor: Int32) {
        state.withLock { state in
            // Without its number: the kernel gives it to another connection next.
            state.descriptors.removeAll { $0 == descriptor }
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            close(descriptor)
            state.resets += 1
        }
    }

    private func flood(_ count: Int, _ descriptor: Int32) {
        let piece = [UInt8](repeating: 120, count: 65_536)
        var left = count
        while left > 0 {
            let sent = send(descriptor, piece, min(left, piece.count), Int32(MSG_NOSIGNAL))
            guard sent > 0 else { return }
            left -= sent
            state.withLock { $0.flooded += sent }
        }
    }
}

/// A response with a body of known length.
package func reply(_ body: String = "", status: String = "200 OK", _ headers: String = "") -> LoopbackServer.Step {
    .send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
}
