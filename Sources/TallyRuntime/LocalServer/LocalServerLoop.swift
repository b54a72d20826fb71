import Glibc
import TallyHTTP
import TallyWire

/// The server's thread: waits for connections, bytes, commands and deadlines, and acts on each.
final class LocalServerLoop {
    private static let readSize = 64 << 10
    // How long a process without free descriptors waits before it looks for one.
    private static let pause = Duration.milliseconds(100)

    private let listener: Int32
    private let inbox: ServerInbox
    private let service: InvocationService
    private let onTimeout: (@Sendable (String) -> Void)?
    private var connections: [Int32: HTTPConnection] = [:]
    private var unflushed: [HTTPConnection] = []
    private var unflushedInNextTurn: [HTTPConnection] = []
    private var pauseEnd: Moment?

    /// Creates the loop of a server.
    ///
    /// - Parameters:
    ///   - listener: The socket that takes connections, which the loop closes in the end.
    ///   - inbox: Brings commands.
    ///   - settings: What the server was started with.
    init(listener: Int32, inbox: ServerInbox, settings: LocalServer.Settings) {
        self.listener = listener
        self.inbox = inbox
        service = InvocationService(settings)
        onTimeout = settings.onTimeout
    }

    /// Serves until it is told to stop.
    func run() {
        // The watchdog takes it, and without a watchdog the main thread.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        inbox.claim()

        withUnsafeTemporaryAllocation(byteCount: Self.readSize, alignment: 16) { scratch in
            while obey(inbox.take()) {
                let late = service.expire()
                flush()
                // After the flush, since the process may start anew now.
                for id in late { onTimeout?(id) }
                wait(scratch)
            }
        }
        _ = obey(inbox.close())
        service.stop()
        flush()
        for connection in connections.values { connection.close() }
        close(listener)
    }

    /// Does what other threads ask for.
    ///
    /// - Returns: Whether the server goes on.
    private func obey(_ commands: [ServerInbox.Command]) -> Bool {
        var goesOn = true
        for command in commands {
            switch command {
            case .invoke(let event, let headers, let id, let continuation):
                service.invoke(event, headers, id: id, caller: .task(continuation))
            case .abandon(let id): service.abandon(id)
            case .stop: goesOn = false
            }
        }
        return goesOn
    }

    // MARK: - Connections

    /// Has a connection flushed before the loop waits again.
    func flushLater(_ connection: HTTPConnection) { unflushed.append(connection) }

    /// Has a connection flushed once the others had their turn.
    func flushInNextTurn(_ connection: HTTPConnection) { unflushedInNextTurn.append(connection) }

    /// Forgets a connection that is closed.
    func remove(_ connection: HTTPConnection) {
        connections[connection.descriptor] = nil
        pauseEnd = nil
    }

    private func flush() {
        // In the order in which they were written to: a caller has its answer before the function may go on.
        var batch = unflushedInNextTurn
        unflushedInNextTurn = []
        repeat {
            batch += unflushed
            unflushed = []
            for connection in batch { connection.flush() }
            batch = []
        } while !unflushed.isEmpty
    }

    private func acceptConnections() {
        while true {
            guard let descriptor = LoopbackListener.accept(listener) else {
                if errno == EMFILE || errno == ENFILE || errno == ENOMEM { pauseEnd = .now + Self.pause }
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            connections[descriptor] = HTTPConnection(descriptor, in: self, for: service)
        }
    }

    // MARK: - Waiting

    private func wait(_ scratch: UnsafeMutableRawBufferPointer) {
        let now = Moment.now
        if let end = pauseEnd, end <= now { pauseEnd = nil }
        let watched = Array(connections.values)
        var found = watched.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
        found.append(pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0))
        found.append(pollfd(fd: listener, events: pauseEnd == nil ? Int16(POLLIN) : 0, revents: 0))

        let ends = watched.compactMap(\.end) + [service.nextDeadline, pauseEnd].compactMap { $0 }
        var timeout = ends.min().map { Int32(clamping: now.duration(to: $0).wholeMillisecondsRoundedUp) } ?? -1
        if !unflushedInNextTurn.isEmpty { timeout = 0 }
        guard poll(&found, nfds_t(found.count), timeout) >= 0 else { return }

        for (connection, found) in zip(watched, found) where found.revents != 0 {
            connection.process(found.revents, scratch)
        }
        let end = Moment.now
        for connection in watched { if let limit = connection.end, limit <= end { connection.close() } }
        if found[watched.count + 1].revents != 0 { acceptConnections() }
    }
}
