import Glibc
import Synchronization

/// A server on loopback that answers from a script, byte for byte, one thread a connection.
package final class LoopbackServer: Sendable {
    /// What a connection does with a request that has arrived.
    package enum Step: Sendable {
        /// Sends text and waits for the next request.
        case send(String)
        /// Sends bytes until the peer takes no more, counting them.
        case flood(Int)
        /// Closes the connection.
        case close
        /// Does nothing until the server is stopped.
        case hang
    }

    /// A request that has arrived whole.
    package struct Request: Sendable {
        /// Request line and headers, without the empty line.
        package var head: String
        /// The body.
        package var body: [UInt8]
        /// The connection's number, from 1.
        package var connection: Int
        /// The request's number, from 0.
        package var number: Int
    }

    private struct State {
        /// What has arrived, in order.
        package var requests: [Request] = []
        var connections = 0
        var descriptors: [Int32] = []
        var flooded = 0
    }

    /// The port it listens on.
    package let port: UInt16
    private let listener: Int32
    private let script: @Sendable (Request) -> [Step]
    private let state = Mutex(State())

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - accepts: Whether connections are accepted; otherwise they wait in the backlog and nothing is read.
    ///   - script: What to do with a request.
    /// - Throws: ``Failure`` when no port is to be had.
    package init(accepts: Bool = true, _ script: @escaping @Sendable (Request) -> [Step]) throws {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
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
    /// What has arrived, in order.
    package var requests: [Request] { state.withLock { $0.requests } }
    /// How many connections were accepted.
    package var connections: Int { state.withLock { $0.connections } }
    /// Bytes that the peer has taken of a flood.
    package var flooded: Int { state.withLock { $0.flooded } }

    /// Ends every connection and accepts no more.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
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
        close(listener)
    }

    private func serve(_ descriptor: Int32, _ connection: Int) {
        defer { shutdown(descriptor, Int32(SHUT_RDWR)) }
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
                case .flood(let count): flood(count, descriptor)
                case .close: return
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
                if buffer.count >= end.upperBound + length {
                    let body = Array(buffer[end.upperBound..<(end.upperBound + length)])
                    buffer.removeFirst(end.upperBound + length)
                    return Request(head: head, body: body, connection: connection, number: 0)
                }
            }
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return nil }
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
