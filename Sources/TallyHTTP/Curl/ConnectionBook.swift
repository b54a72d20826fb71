import CCurl
import TallyWire

/// The open connections: what libcurl does not tell of them, or only by a search.
struct ConnectionBook {
    private struct Entry {
        let socket: curl_socket_t
        let opened: Moment
        /// The local port, once a transfer has used the connection.
        var port: Int?
    }

    // As many as were ever open at once: a socket's number is given anew once it is free.
    private var entries: [Entry] = []

    /// Enters a connection that is being opened, whose socket may have had another one before.
    mutating func open(_ socket: curl_socket_t) {
        let entry = Entry(socket: socket, opened: .now)
        if let index = entries.firstIndex(where: { $0.socket == socket }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
    }

    /// Enters the port of a connection, so that it is found when it is used again.
    ///
    /// Of two connections to different hosts that the kernel gave one port, the younger is found.
    mutating func keep(_ socket: curl_socket_t, port: Int) {
        for index in entries.indices where entries[index].port == port { entries[index].port = nil }
        guard let index = entries.firstIndex(where: { $0.socket == socket }) else { return }
        entries[index].port = port
    }

    /// The socket of a connection that was kept.
    func socket(port: Int) -> curl_socket_t? {
        entries.first { $0.port == port }?.socket
    }

    /// How long ago a kept connection was opened.
    func age(port: Int) -> Duration? {
        entries.first { $0.port == port }.map { $0.opened.duration(to: .now) }
    }
}
