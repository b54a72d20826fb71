import Glibc

/// Sockets on 127.0.0.1, which no other machine reaches.
enum LoopbackListener {
    /// Listens on a port.
    ///
    /// - Parameter port: The port; 0 for any that is free.
    /// - Returns: The socket, which does not block, and the port it has.
    /// - Throws: ``RuntimeError`` when the port is not to be had.
    static func open(port: UInt16) throws(RuntimeError) -> (descriptor: Int32, port: UInt16) {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw error(port, errno) }
        // Connections of a server that has just ended keep its port otherwise.
        var isOn: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, Int32(SOMAXCONN)) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else {
            let code = errno
            close(descriptor)
            throw error(port, code)
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// Takes a connection, which does not block.
    ///
    /// - Parameter descriptor: What ``open(port:)`` has returned.
    /// - Returns: The connection; `nil` when none waits or there is no room for it, and `errno` says which.
    static func accept(_ descriptor: Int32) -> Int32? {
        let connection = Glibc.accept(descriptor, nil, nil)
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFL, O_NONBLOCK)
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        // An answer goes out at once, whatever came before it.
        var isOn: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        return connection
    }

    private static func error(_ port: UInt16, _ code: Int32) -> RuntimeError {
        RuntimeError(
            .portUnavailable,
            "local server: 127.0.0.1:\(port) cannot be listened on (\(String(cString: strerror(code)))). "
                + "Set LOCAL_LAMBDA_PORT to another port, or to 0 for any that is free")
    }
}
