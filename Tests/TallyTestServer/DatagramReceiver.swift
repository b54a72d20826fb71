import Glibc

/// Takes datagrams on loopback, as the X-Ray daemon does.
package final class DatagramReceiver: Sendable {
    /// The port it listens on.
    package let port: UInt16
    private let descriptor: Int32

    /// Starts to listen.
    ///
    /// - Parameter port: The port, 0 for any that is free.
    /// - Throws: ``Failure`` when the port is not to be had.
    package init(port: UInt16 = 0) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard bound else { throw Failure(errno: errno) }
        self.port = UInt16(bigEndian: address.sin_port)
    }

    deinit {
        close(descriptor)
    }

    /// Why there is no receiver.
    package struct Failure: Error {
        let errno: Int32
    }

    /// Where datagrams go.
    package var address: String { "127.0.0.1:\(port)" }

    /// Takes what has arrived.
    ///
    /// - Returns: The datagrams, in the order in which they were sent.
    package func take() -> [[UInt8]] {
        Self.datagrams(in: descriptor)
    }

    /// Waits for a datagram.
    ///
    /// - Returns: What has arrived, at least one.
    /// - Throws: ``Waiting/Timeout`` when none comes.
    package func wait() async throws -> [[UInt8]] {
        try await Waiting.value("a datagram") {
            let datagrams = take()
            return datagrams.isEmpty ? nil : datagrams
        }
    }

    /// Takes what has arrived at a socket of any kind.
    ///
    /// - Parameter descriptor: The socket.
    /// - Returns: The datagrams.
    package static func datagrams(in descriptor: Int32) -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else { return datagrams }
            datagrams.append(Array(buffer[..<count]))
        }
    }
}
