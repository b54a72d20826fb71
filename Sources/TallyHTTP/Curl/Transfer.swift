import CCurl
import CTally
import Glibc
import TallyWire

/// One request on its way: the options of its easy handle, and the callbacks through which libcurl reports.
///
/// Why `@unchecked Sendable`: any thread creates it, and from the command that starts it only the loop's thread
/// touches its variables; ``cancel()`` and ``unpause()`` go through the loop.
final class Transfer: @unchecked Sendable {
    let request: Request
    private let delivery: any TransferDelivery
    // Strong, so that a stream that is still read keeps its transport, and with it the loop's thread.
    let transport: CurlTransport

    private(set) var handle: CurlHandle?
    var isCancelled = false
    private(set) var trip = Trip(attempts: 0)

    private var begunAttempts = 0
    /// Bytes on the wire before the attempt that is not yet counted; `nil` when all are.
    private var bytesBeforeAttempt: Int?
    private var connectionsBeforeAttempt = 0
    private var head = ResponseHead()
    /// Why libcurl was told to stop.
    private var refusal: TransportError?
    /// Whether the response's headers are complete.
    private var hasHead = false
    private var isPaused = false
    private(set) var metUncleanConnection = false
    /// The local port of the connection that was taken.
    private(set) var localPort: Int?
    private var bodyOffset = 0
    private var bodyReader: BodyReader?
    /// Bytes that had moved when the loop last saw that there were more of them, and when that was.
    private var progress: (count: Int, time: Moment?) = (-1, nil)

    var isActive: Bool { handle != nil }
    /// Whether libcurl sent the request anew since a kept connection had died.
    var wasReplayed: Bool { begunAttempts > 1 }

    init(_ request: Request, delivery: some TransferDelivery, transport: CurlTransport) {
        self.request = request
        self.delivery = delivery
        self.transport = transport
    }

    // MARK: From any thread

    func cancel() {
        transport.loop.submit(.cancel(self))
    }

    func unpause() {
        transport.loop.submit(.unpause(self))
    }

    // MARK: On the loop's thread

    static func of(_ easy: UnsafeMutableRawPointer) -> Transfer? {
        var pointer: UnsafeMutableRawPointer?
        tally_easy_get_pointer(easy, CURLINFO_PRIVATE, &pointer)
        return pointer.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Sets every option of `handle`; the caller then adds it to the multi handle.
    func prepare(_ handle: CurlHandle, certificates: CertificateLocations) throws(TransportError) {
        try handle.prepare(for: request, certificates)
        try setBody(of: handle)
        claimCallbacks(of: handle)
        self.handle = handle
    }

    /// Ends a transfer that never started.
    func fail(_ error: TransportError) {
        request.body.pipe?.close()
        delivery.end(error, trip)
    }

    /// Ends a transfer whose handle has been removed from the multi handle.
    func complete(_ result: CURLcode, reusedConnection: Bool, connectionAge: Duration?, cancelled: Bool) {
        guard let handle else { return }
        countAttempt()
        trip.reusedConnection = reusedConnection
        trip.connectionAge = connectionAge
        var error: TransportError?
        if cancelled {
            error = .cancelled(request)
        } else if result != CURLE_OK {
            error = failure(handle, result)
        } else if !hasHead {
            error = failure(.connectionLost, "the connection ended in the headers of the response")
        }
        if let failure = refusal ?? bodyReader?.failure { error = failure }
        bodyReader?.cancel()
        bodyReader = nil
        request.body.pipe?.close()
        error?.attempts = trip.attempts
        self.handle = nil
        delivery.end(error, trip)
        // Balances `claimCallbacks`.
        Unmanaged.passUnretained(self).release()
    }
}

// MARK: - Failures

extension Transfer {
    private func failure(_ code: TransportError.Code, _ explanation: String) -> TransportError {
        TransportError(code, "\(request.method.rawValue) \(request.location): \(explanation)")
    }

    private func failure(_ handle: CurlHandle, _ result: CURLcode) -> TransportError {
        // What libcurl says of a header line that does not fit its buffer.
        if result == CURLE_OUT_OF_MEMORY, trip.attempts > 0, !hasHead {
            return failure(.responseTooLarge, "a header has more than \(Self.headerLineLimit) bytes")
        }
        let explanation = handle.explanation(of: result)
        return failure(.init(result, explanation, isSent: trip.attempts > 0), explanation)
    }

    /// Whether no byte has come or gone for as long as the request allows.
    func isSilent(at now: Moment) -> Bool {
        guard let idle = request.timeouts.idle, let handle else { return false }
        let count = head.allBytes + handle.bodyBytes
        // Connecting has a bound of its own, and a body that nobody reads is held back by ourselves.
        guard let since = progress.time, count == progress.count, hasBegun, !isPaused else {
            progress = (count, now)
            return false
        }
        return since.duration(to: now) >= idle
    }

    func refuseSilence() {
        let bound = (request.timeouts.idle ?? .zero).wholeMillisecondsRoundedUp
        refusal = failure(.timedOut, "no byte came or went for \(bound) ms")
    }

    // 100 KiB: CURL_MAX_HTTP_HEADER of libcurl's lib/urldata.h.
    private static let headerLineLimit = 100 << 10
}

// MARK: - Connections

extension Transfer {
    /// Takes a connection to send on; `false` when it is one that must not be used again.
    func take(connectionFrom port: Int) -> Bool {
        // Now: for the restart on a fresh connection libcurl forgets the bytes of what went before.
        countAttempt()
        localPort = port
        metUncleanConnection =
            handle?.reusedConnection == true && transport.loop.isUnclean(connectionFrom: port)
        if !metUncleanConnection { beginAttempt() }
        return !metUncleanConnection
    }

    func useFreshConnection() {
        metUncleanConnection = false
        handle?.forgetError()
        handle?.usesFreshConnection = true
    }

    /// Lets the response go on that nobody had asked for.
    func unpauseHandle() {
        guard let handle else { return }
        isPaused = false
        curl_easy_pause(handle.easy, CURLPAUSE_CONT)
    }
}

// MARK: - Callbacks

extension Transfer {
    /// Notes that libcurl is about to send the request, for the first time or anew.
    private func beginAttempt() {
        begunAttempts += 1
        bytesBeforeAttempt = handle?.requestBytes
        connectionsBeforeAttempt = handle?.openedConnections ?? 0
        transport.loop.noteBeginning(of: self)
    }

    /// Looks, once the loop has moved it, whether the attempt that was begun waits for room on its connection.
    ///
    /// libcurl does not count the bytes of a request whose first send found no room, as behind an earlier upload. On a
    /// connection that was reset it would have taken another one by now, or given up.
    func noteRound() {
        guard let before = bytesBeforeAttempt, let handle, handle.requestBytes == before,
            handle.openedConnections == connectionsBeforeAttempt
        else { return }
        handle.tellsSending = true
    }

    /// Notes that bytes of the request went out.
    func noteSending() {
        countAttempt(isSent: true)
    }

    /// Whether a connection was there to send on.
    private var hasBegun: Bool { trip.attempts > 0 || bytesBeforeAttempt != nil }

    /// Counts the attempt that was begun, unless nothing of it went out.
    ///
    /// libcurl does not see that an idle connection was reset until it sends, and then takes another one.
    private func countAttempt(isSent: Bool = false) {
        guard let before = bytesBeforeAttempt, let handle else { return }
        if isSent || handle.requestBytes > before { trip.attempts += 1 }
        bytesBeforeAttempt = nil
    }

    func openBody() throws(TransportError) {
        guard case .stream(let open) = request.body.storage else { return }
        bodyReader?.cancel()
        let stream: ByteStream
        do {
            stream = try open()
        } catch {
            throw TransportError(.bodyFailed, "\(request.location): the body could not be opened: \(error)")
        }
        bodyReader = BodyReader(
            stream, count: request.body.count, location: request.location, loop: transport.loop
        ) { [weak self] in self?.unpause() }
    }

    /// Goes back in the body, for the replay of a request on a new connection.
    func seek(to offset: Int) -> Bool {
        bodyOffset = offset
        if let pipe = request.body.pipe { return pipe.isUntouched }
        guard bodyReader != nil else { return true }
        guard offset == 0 else { return false }
        return (try? openBody()) != nil
    }

    func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        if let supply = request.body.pipe?.read(into: target) ?? bodyReader?.read(into: target) {
            switch supply {
            case .bytes(let count): return count
            case .later: return Int(CURL_READFUNC_PAUSE)
            case .failed: return Int(CURL_READFUNC_ABORT)
            }
        }
        guard let bytes = request.body.bytes else { return Int(CURL_READFUNC_ABORT) }
        return bytes.withUnsafeBytes { body in
            let piece = UnsafeRawBufferPointer(rebasing: body[bodyOffset...].prefix(target.count))
            target.copyMemory(from: piece)
            bodyOffset += piece.count
            return piece.count
        }
    }

    func accept(_ piece: UnsafeRawBufferPointer) -> Acceptance {
        let acceptance = delivery.accept(piece)
        isPaused = acceptance == .later
        if acceptance == .refused {
            refusal = TransportError(
                .responseTooLarge, "\(request.location): the response has more than \(request.responseLimit) bytes")
        }
        return acceptance
    }

    /// Takes one header line; `false` when there are too many of them.
    func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
        switch head.receive(line) {
        case .more: break
        case .interim: countAttempt(isSent: true)
        case .complete(let status, let headers):
            countAttempt(isSent: true)
            hasHead = true
            delivery.head(status, headers, self)
            // An answer before the body's end, which libcurl then neither sends nor waits for; but it stays paused.
            if let pipe = request.body.pipe {
                pipe.close()
                unpause()
            }
        case .malformed:
            countAttempt(isSent: true)
            refusal = failure(.invalidResponse, "the response has no status of three digits")
            return false
        case .tooLarge:
            refusal = TransportError(
                .responseTooLarge, "\(request.location): the headers have more than \(ResponseHead.limit) bytes")
            return false
        }
        return true
    }
}
