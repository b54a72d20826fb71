import CCurl
import CTally
import Dispatch
import Glibc
import Synchronization
import TallyWire

/// A run loop around `curl_multi`: it moves transfers, fires timers, and runs Swift tasks as their executor.
///
/// One thread owns it. Under the runtime that is the main thread, which then runs handlers, transfers and timers
/// without a single hop; elsewhere it is a thread that ``CurlTransport`` starts. Any other thread may enqueue jobs
/// and commands; they arrive through `inbox`.
///
/// Why `@unchecked Sendable`: `confined` is touched only by the owning thread (`isOwner` decides, and every entry
/// point either asks it or runs inside `run`); everything else is immutable, atomic or behind a mutex.
package final class CurlLoop: TaskExecutor, @unchecked Sendable {
    /// What a thread asks the loop to do.
    enum Command {
        case job(UnownedJob)
        case start(Transfer)
        case cancel(Transfer)
        case unpause(Transfer)
        case addTimer(LoopTimer)
        case cancelTimer(LoopTimer)
        case stop
    }

    private struct Confined {
        var commands: [Command] = []
        /// The array that `commands` is exchanged for, so that its room is used again.
        var spareCommands: [Command] = []
        var timers: [LoopTimer] = []
        var idleHandles: [CurlHandle] = []
        var activeCount = 0
        var connections = ConnectionBook()
        var silenceWatch = SilenceWatch()
        /// Transfers that have begun an attempt since the loop moved them last.
        var beginners: [Transfer] = []
        var isStopped = false
    }

    private static let roundLimit = 64

    let certificates: CertificateLocations
    private let multi: UnsafeMutableRawPointer
    private let share: UnsafeMutableRawPointer
    private let mainQueueDescriptor: Int32?
    private let owner = Atomic<UInt>(0)
    private let inbox = Mutex<[Command]>([])
    private var confined = Confined()

    /// Creates a loop that some thread will own once it calls ``run()``.
    ///
    /// - Parameters:
    ///   - certificates: Where trusted certificates lie.
    ///   - servesMainQueue: Whether the owner is the main thread, whose dispatch queue carries `@MainActor` code.
    package init(certificates: CertificateLocations, servesMainQueue: Bool) {
        CurlLoop.initialise
        guard let multi = curl_multi_init(), let share = curl_share_init() else {
            fatalError("libcurl: curl_multi_init returned no handle; the process is out of memory")
        }
        self.certificates = certificates
        self.multi = multi
        self.share = share
        // Without sharing, a new easy handle on a new connection pays a full TLS handshake.
        tally_share_data(share, CURL_LOCK_DATA_SSL_SESSION)
        mainQueueDescriptor = servesMainQueue ? _dispatch_get_main_queue_handle_4CF() : nil
        if servesMainQueue { claimOwnership() }
    }

    deinit {
        confined.idleHandles.removeAll()
        curl_multi_cleanup(multi)
        curl_share_cleanup(share)
    }

    private static let initialise: Void = {
        curl_global_init(Int(CURL_GLOBAL_ALL))
        // A peer that closes while we write must be an error of that call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
    }()

    // MARK: From any thread

    package func enqueue(_ job: consuming ExecutorJob) {
        submit(.job(UnownedJob(job)))
    }

    /// Hands a command to the loop, which acts on it in order of arrival.
    func submit(_ command: Command) {
        if isOwner {
            confined.commands.append(command)
        } else {
            inbox.withLock { $0.append(command) }
            curl_multi_wakeup(multi)
        }
    }

    /// Makes ``run()`` return on its thread.
    package func stop() {
        submit(.stop)
    }

    private var isOwner: Bool {
        owner.load(ordering: .relaxed) == UInt(pthread_self())
    }

    private func claimOwnership() {
        owner.store(UInt(pthread_self()), ordering: .relaxed)
    }

    // MARK: On the owning thread

    /// Runs the loop on the calling thread, which owns it from now on, until ``stop()``.
    package func run() {
        claimOwnership()
        confined.isStopped = false
        while true {
            obeyCommands()
            if confined.isStopped { break }
            moveTransfers()
            // After the transfers have taken what arrived while the process was frozen.
            endSilentTransfers()
            fireTimers()
            if confined.commands.isEmpty { wait() }
        }
    }

    private func obeyCommands() {
        let executor = asUnownedTaskExecutor()
        // Bounded: tasks that only ever yield to each other must not keep transfers and timers waiting.
        for _ in 0..<Self.roundLimit {
            inbox.withLock { arrived in
                guard !arrived.isEmpty else { return }
                confined.commands.append(contentsOf: arrived)
                arrived.removeAll(keepingCapacity: true)
            }
            // Taken out of `confined` first: a job that runs, and whatever is released with a command, such as the
            // last reference to a transport, submits further ones.
            var batch = confined.spareCommands
            swap(&batch, &confined.commands)
            confined.spareCommands = []
            for command in batch {
                if case .job(let job) = command {
                    job.runSynchronously(on: executor)
                } else {
                    obey(command)
                }
            }
            batch.removeAll(keepingCapacity: true)
            confined.spareCommands = batch
            if confined.commands.isEmpty { break }
        }
    }

    private func obey(_ command: Command) {
        switch command {
        case .job: break
        case .start(let transfer): start(transfer)
        case .cancel(let transfer):
            // Not active: it has not started yet, or has ended already.
            transfer.isCancelled = true
            if transfer.isActive { finish(transfer, with: CURLE_OK, cancelled: true) }
        case .unpause(let transfer):
            transfer.unpauseHandle()
        case .addTimer(let timer): add(timer)
        case .cancelTimer(let timer):
            if let index = confined.timers.firstIndex(where: { $0 === timer }) {
                confined.timers.remove(at: index)
            }
            timer.end()
        case .stop: confined.isStopped = true
        }
    }

    private func start(_ transfer: Transfer) {
        if transfer.isCancelled { return transfer.fail(.cancelled(transfer.request)) }
        // libcurl 7.88 frees a handle's trailers twice when it is used again, reset or not.
        let handle =
            transfer.request.body.pipe == nil ? takeHandle(for: transfer.request.verb) : CurlHandle(sharing: share)
        do throws(TransportError) {
            try transfer.prepare(handle, certificates: certificates)
        } catch {
            if transfer.request.body.pipe == nil { confined.idleHandles.append(handle) }
            return transfer.fail(error)
        }
        curl_multi_add_handle(multi, handle.easy)
        confined.activeCount += 1
        confined.silenceWatch.add(transfer)
    }

    /// One that sent such a request before, if there is one; two are kept for the two requests of an invocation.
    private func takeHandle(for verb: Request.Verb) -> CurlHandle {
        let alike = confined.idleHandles.lastIndex { $0.verb == verb }
        if let alike { return confined.idleHandles.remove(at: alike) }
        guard confined.idleHandles.count > 1, let other = confined.idleHandles.popLast() else {
            return CurlHandle(sharing: share)
        }
        return other
    }

    private func moveTransfers() {
        guard confined.activeCount > 0 else { return }
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        if Int(running) < confined.activeCount { finishTransfers() }
        guard !confined.beginners.isEmpty else { return }
        // Out of `confined` first: the last reference to a transport may go with them, and it submits a command.
        var beginners: [Transfer] = []
        swap(&beginners, &confined.beginners)
        for transfer in beginners { transfer.noteRound() }
    }

    private func finishTransfers() {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let result = tally_message_result(message)
            guard let transfer = Transfer.of(easy) else { continue }
            if transfer.metUncleanConnection {
                restart(transfer)
            } else {
                finish(transfer, with: result, cancelled: false)
            }
        }
    }

    /// Sends a transfer, of which nothing has gone out, on a connection of its own.
    private func restart(_ transfer: Transfer) {
        guard let handle = transfer.handle else { return }
        curl_multi_remove_handle(multi, handle.easy)
        transfer.useFreshConnection()
        curl_multi_add_handle(multi, handle.easy)
    }

    private func endSilentTransfers() {
        for transfer in confined.silenceWatch.look() {
            transfer.refuseSilence()
            finish(transfer, with: CURLE_OPERATION_TIMEDOUT, cancelled: false)
        }
    }

    private func finish(_ transfer: Transfer, with result: CURLcode, cancelled: Bool) {
        guard let handle = transfer.handle else { return }
        let isReused = handle.reusedConnection
        // Only now: libcurl has to search for the socket, which for a kept connection is known.
        if !isReused, let port = transfer.localPort, let socket = handle.socket {
            confined.connections.keep(socket, port: port)
        }
        let age = transfer.localPort.flatMap { confined.connections.age(port: $0) }
        confined.silenceWatch.remove(transfer)
        curl_multi_remove_handle(multi, handle.easy)
        confined.activeCount -= 1
        transfer.complete(result, reusedConnection: isReused, connectionAge: age, cancelled: cancelled)
        // A handle counts its replays over all transfers and gives up at the sixth; the connection stays without it.
        if !transfer.wasReplayed, transfer.request.body.pipe == nil { confined.idleHandles.append(handle) }
    }

    /// Notes that a transfer is about to send its request.
    func noteBeginning(of transfer: Transfer) {
        confined.beginners.append(transfer)
    }

    /// Notes that a transfer opens a connection.
    func noteOpening(of socket: curl_socket_t) {
        confined.connections.open(socket)
    }

    /// Whether a kept connection has bytes that belong to no request, or has ended.
    ///
    /// libcurl 7.88 looks for the end only, and would take such bytes for the answer to the next request.
    func isUnclean(connectionFrom port: Int) -> Bool {
        guard let socket = confined.connections.socket(port: port) else { return false }
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        return count >= 0 || errno == ECONNRESET
    }

    private func add(_ timer: LoopTimer) {
        let index = confined.timers.firstIndex { $0.deadline > timer.deadline } ?? confined.timers.endIndex
        confined.timers.insert(timer, at: index)
    }

    private func fireTimers() {
        while let first = confined.timers.first, first.deadline <= .now {
            confined.timers.removeFirst().end()
        }
    }

    /// When a timer is due or a transfer is to be looked at.
    private var nextEvent: Moment? {
        guard let look = confined.silenceWatch.nextLook else { return confined.timers.first?.deadline }
        return min(look, confined.timers.first?.deadline ?? look)
    }

    private func wait() {
        var timeout: Int32 = 60_000
        if let next = nextEvent {
            // Rounded up: a poll that ends a fraction of a millisecond early would spin until the timer is due.
            timeout = Int32(clamping: next.timeLeft.wholeMillisecondsRoundedUp)
        }
        var ready: Int32 = 0
        guard let mainQueueDescriptor else {
            curl_multi_poll(multi, nil, 0, max(0, timeout), &ready)
            return
        }
        var descriptor = curl_waitfd(fd: mainQueueDescriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        curl_multi_poll(multi, &descriptor, 1, max(0, timeout), &ready)
        if descriptor.revents != 0 { _dispatch_main_queue_callback_4CF(nil) }
    }
}

extension Duration {
    /// Milliseconds, rounded up, at least 0.
    package var wholeMillisecondsRoundedUp: Int64 {
        let (seconds, attoseconds) = components
        return max(0, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
