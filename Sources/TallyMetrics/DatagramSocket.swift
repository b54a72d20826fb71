import Glibc

/// A UDP socket that is connected to one address and never makes its caller wait.
struct DatagramSocket: ~Copyable, Sendable {
    private let fileDescriptor: Int32

    /// Takes over a connected socket of datagrams, and closes it in the end.
    init(fileDescriptor: Int32) {
        self.fileDescriptor = fileDescriptor
    }

    /// Connects to an address; no packet goes out for that.
    ///
    /// - Parameters:
    ///   - host: An IPv4 or IPv6 address in numbers; a name would have to be looked up, and whoever sends would wait.
    ///   - port: The port.
    /// - Throws: ``Failure`` when `host` is not an address, or the system has no socket.
    init(host: String, port: UInt16) throws(Failure) {
        var v4 = sockaddr_in()
        var v6 = sockaddr_in6()
        if inet_pton(AF_INET, host, &v4.sin_addr) == 1 {
            v4.sin_family = sa_family_t(AF_INET)
            v4.sin_port = port.bigEndian
            fileDescriptor = try Self.connected(to: v4, AF_INET)
        } else if inet_pton(AF_INET6, host, &v6.sin6_addr) == 1 {
            v6.sin6_family = sa_family_t(AF_INET6)
            v6.sin6_port = port.bigEndian
            fileDescriptor = try Self.connected(to: v6, AF_INET6)
        } else {
            throw .notAnAddress
        }
    }

    deinit {
        close(fileDescriptor)
    }

    /// Why there is no socket.
    enum Failure: Error {
        case notAnAddress
        case system(Int32)
    }

    /// What became of a datagram.
    enum Outcome {
        /// The system took it.
        case sent
        /// The system took it, and told that an earlier one had not arrived.
        case sentAfterLoss
        /// The system did not take it.
        case dropped
    }

    /// Hands one datagram to the system, or drops it where that would take time.
    borrowing func send(_ datagram: [UInt8]) -> Outcome {
        if attempt(datagram) { return .sent }
        // That nobody listens is learnt with the datagram after the one that was lost.
        guard errno == ECONNREFUSED, attempt(datagram) else { return .dropped }
        return .sentAfterLoss
    }

    /// Whether a datagram was lost since the last one was sent.
    borrowing func takesLoss() -> Bool {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(fileDescriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0
    }

    private borrowing func attempt(_ datagram: [UInt8]) -> Bool {
        Glibc.send(fileDescriptor, datagram, datagram.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)) >= 0
    }

    private static func connected<Address>(to address: Address, _ family: Int32) throws(Failure) -> Int32 {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw .system(errno) }
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else {
            let reason = errno
            close(descriptor)
            throw .system(reason)
        }
        return descriptor
    }
}
