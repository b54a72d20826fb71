import Glibc
import Synchronization
import TallyHTTP

/// Hands work from any thread to the server's.
final class ServerInbox: Sendable {
    /// What the server is asked for.
    enum Command: Sendable {
        case invoke([UInt8], Headers, id: String, CheckedContinuation<LocalServer.Outcome, Never>)
        case abandon(id: String)
        case stop
    }

    private struct State {
        var commands: [Command] = []
        var isClosed = false
    }

    /// Becomes readable when there is work.
    let descriptor: Int32
    private let wakeDescriptor: Int32
    private let state = Mutex(State())
    private let owner = Atomic<UInt>(0)

    /// Creates an inbox; `nil` when the system has no descriptors left, and `errno` says so.
    init?() {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        descriptor = ends[0]
        wakeDescriptor = ends[1]
    }

    deinit {
        Glibc.close(descriptor)
        Glibc.close(wakeDescriptor)
    }

    /// Makes the calling thread the one that takes the work.
    func claim() { owner.store(UInt(pthread_self()), ordering: .relaxed) }

    /// Whether the calling thread is the one that takes the work.
    var isOwner: Bool { owner.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Hands over a command.
    ///
    /// - Returns: Whether it will be taken; not so once the inbox is closed.
    func post(_ command: Command) -> Bool {
        let isTaken = state.withLock { state in
            if !state.isClosed { state.commands.append(command) }
            return !state.isClosed
        }
        // One that finds no room has others before it, which wake the thread as well.
        if isTaken { _ = send(wakeDescriptor, [0], 1, Int32(MSG_NOSIGNAL)) }
        return isTaken
    }

    /// Takes the commands in the order in which they were posted.
    func take() -> [Command] {
        var scratch = [UInt8](repeating: 0, count: 256)
        while recv(descriptor, &scratch, scratch.count, 0) > 0 {}
        return state.withLock { state in
            defer { state.commands = [] }
            return state.commands
        }
    }

    /// Takes the last commands; there are no further ones.
    func close() -> [Command] {
        state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.commands
        }
    }
}
