import Glibc
import TallyHTTP

/// A command that is run by the shell, on a thread of its own.
struct ShellCommand: Sendable {
    struct Result: Sendable {
        var status: Int32
        var output: [UInt8]
        var errors: [UInt8]
    }

    // 64 KiB: credentials take less than 4.
    private static let outputLimit = 64 << 10

    private let command: String
    private let timeout: Duration

    init(_ command: String, timeout: Duration) {
        self.command = command
        self.timeout = timeout
    }

    /// Runs the command to its end; `nil` when it does not end in time, and is killed.
    func run() async -> Result? {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Result?, Never>) in
            // Without a thread to spare the caller waits, and still gets its answer.
            let run: @Sendable () -> Void = { continuation.resume(returning: runToEnd()) }
            if DetachedThread.start(run) != 0 { run() }
        }
    }

    private func runToEnd() -> Result? {
        guard let output = Pipe(), let errors = Pipe() else { return Self.notStarted(errno) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The runtime blocks signals in all threads but one, and ignores SIGPIPE: no program expects to start like
        // that.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A group of its own, so that what the shell started ends with it.
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var process = pid_t()
        let started = Self.withArguments(["/bin/sh", "-c", command]) { arguments in
            posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environ)
        }
        output.closeWriting()
        errors.closeWriting()
        guard started == 0 else { return Self.notStarted(started) }
        let isOver = Pipe.read([output, errors], limit: Self.outputLimit, until: .now + timeout)
        if !isOver { kill(-process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard isOver else { return nil }
        let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
        return Result(status: code, output: output.bytes, errors: errors.bytes)
    }

    private static func notStarted(_ code: Int32) -> Result {
        Result(status: 127, output: [], errors: Array("no shell: \(String(cString: strerror(code)))".utf8))
    }

    private static func withArguments(
        _ arguments: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return body(&pointers)
    }
}

/// One direction between two processes.
private final class Pipe {
    private let reading: Int32
    private(set) var writing: Int32
    private(set) var bytes: [UInt8] = []
    private var isOpen = true

    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = ends[0]
        writing = ends[1]
    }

    deinit {
        close(reading)
        closeWriting()
    }

    func closeWriting() {
        guard writing >= 0 else { return }
        close(writing)
        writing = -1
    }

    /// Reads all pipes to their ends; `false` when that takes too long.
    static func read(_ pipes: [Pipe], limit: Int, until deadline: ContinuousClock.Instant) -> Bool {
        while pipes.contains(where: \.isOpen) {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return false }
            var waits = pipes.map { pollfd(fd: $0.isOpen ? $0.reading : -1, events: Int16(POLLIN), revents: 0) }
            guard poll(&waits, nfds_t(waits.count), Int32(clamping: left.wholeMillisecondsRoundedUp)) >= 0 else {
                if errno == EINTR { continue }
                return false
            }
            for (pipe, wait) in zip(pipes, waits) where wait.revents != 0 { pipe.readSome(limit: limit) }
        }
        return true
    }

    private func readSome(limit: Int) {
        var piece = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(reading, &piece, piece.count)
        if count > 0 {
            bytes.append(contentsOf: piece[..<min(count, max(0, limit - bytes.count))])
        } else if count == 0 || errno != EINTR {
            isOpen = false
        }
    }
}
