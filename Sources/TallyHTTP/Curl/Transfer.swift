import CCurl
import CTally
import Glibc

/// One request on its way: the options of its easy handle, and the callbacks through which libcurl reports.
///
/// Why `@unchecked Sendable`: any thread creates it, and from the command that starts it only the loop's thread
/// touches its variables; ``cancel()`` and ``unpause()`` go through the loop.
final class Transfer: @unchecked Sendable {
    let request: Request
    private let delivery: any TransferDelivery
    // Strong, so that a stream that is still read keeps its transport, and with it the loop's thread.
    private let transport: CurlTransport

    private(set) var handle: CurlHandle?
    var isCancelled = false
    private(set) var trip = Trip(attempts: 0)

    private var begunAttempts = 0
    /// Bytes on the wire before the attempt that is not yet counted; `nil` when all are.
    private var bytesBeforeAttempt: Int?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var status = 0
    /// Of the response that is coming.
    private var headerBytes = 0
    /// Of all responses, interim ones included.
    private var allHeaderBytes = 0
    /// Why libcurl was told to stop.
    private var refusal: TransportError?
    private var headers = Headers()
    /// Whether the response's headers are complete.
    private var hasHead = false
    private var isPaused = false
    private(set) var metUncleanConnection = false
    private var bodyOffset = 0
    private var bodyReader: BodyReader?
    /// Bytes that had moved when the loop last saw that there were more of them, and when that was.
    private var progress: (count: Int, time: ContinuousClock.Instant?) = (-1, nil)

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
    func prepare(
        _ handle: CurlHandle, certificates: CertificateLocations
    ) throws(TransportError) {
        handle.forgetTransfer()
        handle.set(CURLOPT_URL, request.url)
        handle.usesProxy = request.usesProxy
        try setSecurity(handle, certificates)
        handle.timeouts = request.timeouts
        try setHeaders(handle)
        try setMethodAndBody(handle)
        claimCallbacks(of: handle)
        self.handle = handle
    }

    /// Ends a transfer that never started.
    func fail(_ error: TransportError) {
        delivery.end(error, trip)
    }

    /// Ends a transfer whose handle has been removed from the multi handle.
    func complete(_ result: CURLcode, connectionAge: Duration?, cancelled: Bool) {
        guard let handle else { return }
        countAttempt()
        trip.reusedConnection = handle.reusedConnection
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
        error?.attempts = trip.attempts
        curl_slist_free_all(headerList)
        headerList = nil
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
    func isSilent(at now: ContinuousClock.Instant) -> Bool {
        guard let idle = request.timeouts.idle, let handle else { return false }
        let count = allHeaderBytes + handle.bodyBytes
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
    private func take(connectionFrom port: Int) -> Bool {
        metUncleanConnection =
            handle?.reusedConnection == true && transport.loop.isUnclean(connectionFrom: port)
        if !metUncleanConnection { beginAttempt() }
        return !metUncleanConnection
    }

    func useFreshConnection() {
        metUncleanConnection = false
        handle?.forgetError()
        handle?.set(CURLOPT_FRESH_CONNECT, 1)
    }

    /// Lets the response go on that nobody had asked for.
    func unpauseHandle() {
        guard let handle else { return }
        isPaused = false
        curl_easy_pause(handle.easy, CURLPAUSE_CONT)
    }
}

// MARK: - Options

extension Transfer {
    private func setSecurity(_ handle: CurlHandle, _ certificates: CertificateLocations) throws(TransportError) {
        guard request.isSecure else { return }
        guard !certificates.isEmpty else {
            throw TransportError(
                .tls,
                "\(request.location): no certificates to verify the server with. Set AWS_CA_BUNDLE to a file of "
                    + "certificates, or package the function with scripts/package, which adds them")
        }
        handle.set(CURLOPT_CAINFO, certificates.file)
        handle.set(CURLOPT_CAPATH, certificates.directory)
    }

    private func setHeaders(_ handle: CurlHandle) throws(TransportError) {
        // `Expect: 100-continue` costs a round trip; an added content type would not have been signed.
        var list: UnsafeMutablePointer<curl_slist>?
        if !request.body.isEmpty || request.method == .post || request.method == .put {
            list = curl_slist_append(nil, "Expect:")
            if request.headers["Content-Type"] == nil { list = curl_slist_append(list, "Content-Type:") }
        }
        var line: [UInt8] = []
        for index in 0..<request.headers.count {
            let (name, value) = (request.headers.name(index), request.headers.value(index))
            if name.contains(where: Self.breaksLine) || value.contains(where: Self.breaksLine) {
                curl_slist_free_all(list)
                let field = String(decoding: name, as: UTF8.self)
                throw TransportError(
                    .invalidRequest,
                    "\(request.location): the value of the header '\(field)' has a line break or NUL in it")
            }
            line.removeAll(keepingCapacity: true)
            line += name
            // A name with a colon and nothing after it would remove the header instead of sending it empty.
            line += value.isEmpty ? ";".utf8 : ": ".utf8
            line += value
            line.append(0)
            list = line.withUnsafeBytes { curl_slist_append(list, $0.baseAddress?.assumingMemoryBound(to: CChar.self)) }
        }
        headerList = list
        tally_easy_set_list(handle.easy, CURLOPT_HTTPHEADER, list)
    }

    private static func breaksLine(_ byte: UInt8) -> Bool {
        byte == 10 || byte == 13 || byte == 0
    }

    private func setMethodAndBody(_ handle: CurlHandle) throws(TransportError) {
        switch request.method {
        case .get where request.body.isEmpty: break
        case .head: handle.set(CURLOPT_NOBODY, 1)
        case .delete where request.body.isEmpty: handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        default:
            handle.set(CURLOPT_POST, 1)
            if request.method != .post { handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) }
            try setBody(handle)
        }
    }

    private func setBody(_ handle: CurlHandle) throws(TransportError) {
        tally_easy_set_offset(handle.easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        // Up to 64 KiB libcurl sends body and headers in one packet when it holds the body itself; above, it reads
        // the body where it lies.
        if let bytes = request.body.bytes, bytes.count <= 64 << 10 {
            bytes.withUnsafeBytes { bytes in
                // An empty body still needs an address, or libcurl would read the body from standard input.
                let start = bytes.baseAddress ?? UnsafeRawPointer(handle.easy)
                _ = tally_easy_set_pointer(handle.easy, CURLOPT_COPYPOSTFIELDS, start)
            }
            return
        }
        try openBody()
        let context = Unmanaged.passUnretained(self).toOpaque()
        tally_easy_set_pointer(handle.easy, CURLOPT_READDATA, context)
        tally_easy_set_pointer(handle.easy, CURLOPT_SEEKDATA, context)
    }

    /// Makes this transfer the one that the handle's callbacks report to.
    private func claimCallbacks(of handle: CurlHandle) {
        // Retained while libcurl holds the pointer; `complete` releases it.
        let context = Unmanaged.passRetained(self).toOpaque()
        for option in [CURLOPT_PRIVATE, CURLOPT_PREREQDATA, CURLOPT_SOCKOPTDATA, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA]
        { tally_easy_set_pointer(handle.easy, option, context) }
    }

    /// Sets the callbacks of a new handle, which are the same for every transfer.
    static func setCallbacks(of handle: CurlHandle) {
        tally_easy_set_prereq(handle.easy) { context, _, _, _, port in
            guard let context else { return CURL_PREREQFUNC_ABORT }
            let isTaken = Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.take(connectionFrom: Int(port))
            }
            return isTaken ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        tally_easy_set_socket_opened(handle.easy) { context, socket, _ in
            if let context {
                Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                    $0.transport.loop.noteOpening(of: socket)
                }
            }
            return CURL_SOCKOPT_OK
        }
        tally_easy_set_data(handle.easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return Int(CURL_READFUNC_ABORT) }
            return Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
            }
        }
        tally_easy_set_seek(handle.easy) { context, offset, origin in
            guard let context, origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
            let canSeek = Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.seek(to: Int(offset)) }
            return canSeek ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_CANTSEEK
        }
        tally_easy_set_data(handle.easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            let isTaken = Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.receive(headerLine: line)
            }
            return isTaken ? line.count : 0
        }
        tally_easy_set_data(handle.easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef {
                switch $0.accept(piece) {
                case .taken: piece.count
                case .later: Int(CURL_WRITEFUNC_PAUSE)
                case .refused: 0
                }
            }
        }
    }
}

// MARK: - Callbacks

extension Transfer {
    /// Notes that libcurl is about to send the request, for the first time or anew.
    private func beginAttempt() {
        countAttempt()
        begunAttempts += 1
        bytesBeforeAttempt = handle?.requestBytes
    }

    /// Whether a connection was there to send on.
    private var hasBegun: Bool { trip.attempts > 0 || bytesBeforeAttempt != nil }

    /// Counts the attempt that was begun, unless nothing of it went out.
    ///
    /// libcurl does not see that an idle connection was reset until it sends, and then takes another one.
    private func countAttempt() {
        guard let before = bytesBeforeAttempt, let handle else { return }
        if handle.requestBytes > before { trip.attempts += 1 }
        bytesBeforeAttempt = nil
    }

    private func openBody() throws(TransportError) {
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
    private func seek(to offset: Int) -> Bool {
        bodyOffset = offset
        guard bodyReader != nil else { return true }
        guard offset == 0 else { return false }
        return (try? openBody()) != nil
    }

    private func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        if let bodyReader {
            switch bodyReader.read(into: target) {
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

    private func accept(_ piece: UnsafeRawBufferPointer) -> Acceptance {
        let acceptance = delivery.accept(piece)
        isPaused = acceptance == .later
        if acceptance == .refused {
            refusal = TransportError(
                .responseTooLarge, "\(request.location): the response has more than \(request.responseLimit) bytes")
        }
        return acceptance
    }

    /// Takes one header line; `false` when there are too many of them.
    private func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        allHeaderBytes += line.count
        guard headerBytes <= Self.headerLimit else {
            refusal = TransportError(
                .responseTooLarge, "\(request.location): the headers have more than \(Self.headerLimit) bytes")
            return false
        }
        let lineEnd = Self.firstIndex(of: 13, in: line) ?? Self.firstIndex(of: 10, in: line) ?? line.count
        let text = UnsafeRawBufferPointer(rebasing: line[..<lineEnd])
        if text.count > 5, let start = text.baseAddress, memcmp(start, "HTTP/", 5) == 0 {
            // An interim response (100, 103) or a replay: what came before was not the answer.
            let code = text.split(separator: 32, maxSplits: 2).dropFirst().first
            status = code.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
            headers = Headers()
            headers.reserve()
            headerBytes = line.count
        } else if text.isEmpty {
            countAttempt()
            if status >= 200 {
                hasHead = true
                delivery.head(status, headers, self)
            }
        } else if let colon = Self.firstIndex(of: 58, in: text) {
            var (start, end) = (colon + 1, text.count)
            while start < end, text[start] == 32 || text[start] == 9 { start += 1 }
            while end > start, text[end - 1] == 32 || text[end - 1] == 9 { end -= 1 }
            headers.add(
                UnsafeRawBufferPointer(rebasing: text[..<colon]), UnsafeRawBufferPointer(rebasing: text[start..<end]))
        }
        return true
    }

    private static func firstIndex(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.baseAddress, let found = memchr(start, Int32(byte), bytes.count) else { return nil }
        return UnsafeRawPointer(found) - start
    }

    // 256 KiB: no server that is in order sends a tenth of it.
    private static let headerLimit = 256 << 10
}
