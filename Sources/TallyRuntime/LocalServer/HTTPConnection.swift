import Glibc
import TallyHTTP
import TallyWire

/// One connection of a client: reads requests, one after another, and writes their answers.
final class HTTPConnection {
    /// How a connection ends after an answer.
    enum Ending {
        case close
        case reset
    }

    private enum Phase {
        case open
        /// Nothing more is read; what is to be sent goes out, then the connection ends.
        case ending(Ending)
        /// The client has all; what it still sends is dropped until it has noticed.
        case lingering(until: Moment)
        case closed
    }

    // As nginx has it: long enough for a client on a busy machine to send the megabytes that nobody wants.
    // https://nginx.org/en/docs/http/ngx_http_core_module.html#lingering_time
    private static let lingerTime = Duration.seconds(30)
    // An event of megabytes must not hold its memory until the next one.
    private static let keptCapacity = 64 << 10

    let descriptor: Int32
    private unowned let loop: LocalServerLoop
    private let service: InvocationService
    private var phase = Phase.open
    private var parser = HTTPRequestParser()
    private var exchange: HTTPExchange?
    private var output: [UInt8] = []
    private var sent = 0
    private var isBytewise = false
    private var isBlocked = false
    private var isWaitingForFlush = false

    init(_ descriptor: Int32, in loop: LocalServerLoop, for service: InvocationService) {
        self.descriptor = descriptor
        self.loop = loop
        self.service = service
    }

    /// Bytes that the client has not taken yet.
    var backlog: Int { output.count - sent }

    /// What the connection waits for.
    var events: Int16 {
        // POLLRDHUP, which Swift's Glibc module lacks: the client sends nothing more.
        // https://man7.org/linux/man-pages/man2/poll.2.html
        let hangUp: Int16 = 0x2000
        switch phase {
        case .lingering: return Int16(POLLIN)
        case .ending: return isBlocked ? Int16(POLLOUT) : 0
        case .closed: return 0
        case .open:
            if backlog > 0 { return isBlocked ? Int16(POLLOUT) : 0 }
            guard let exchange, !exchange.mayReceive else { return Int16(POLLIN) }
            return exchange.isParked ? hangUp : 0
        }
    }

    /// When the connection is closed whatever the client does.
    var end: Moment? {
        if case .lingering(let end) = phase { end } else { nil }
    }

    /// Acts on what `poll` has found.
    func process(_ found: Int16, _ scratch: UnsafeMutableRawBufferPointer) {
        if found & Int16(POLLIN) != 0 {
            receive(scratch)
        } else if found & Int16(POLLOUT) != 0 {
            isBlocked = false
            flush()
        } else if found != 0 {
            close()
        }
    }

    // MARK: - Reading

    private func receive(_ scratch: UnsafeMutableRawBufferPointer) {
        let count = recv(descriptor, scratch.baseAddress, scratch.count, 0)
        guard count > 0 else {
            let isAgain = count < 0 && (errno == EAGAIN || errno == EINTR)
            return isAgain ? () : close()
        }
        guard case .open = phase else { return }
        parser.receive(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
        advance()
    }

    /// Takes what has arrived, up to the end of a request that is not answered yet.
    private func advance() {
        while case .open = phase, exchange?.isReceived != true, let event = parser.next() {
            switch event {
            case .head(let head):
                let exchange = HTTPExchange(head, on: self)
                self.exchange = exchange
                service.begin(exchange)
                if head.expectsContinue, exchange.isOpen { send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
            case .body(let piece):
                guard let exchange, !exchange.receive(piece) else { continue }
                service.refuseSize(exchange, declared: nil)
            case .end(let trailers):
                guard let exchange else { continue }
                exchange.isReceived = true
                service.complete(exchange, trailers: trailers)
            case .refused(let refusal):
                exchange?.stream?.breakOff()
                let refused = exchange ?? HTTPExchange(.unreadable, on: self)
                exchange = refused
                service.refuse(refused, refusal)
            }
        }
    }

    // MARK: - Writing

    /// Has bytes sent at the end of the loop's turn.
    func send(_ bytes: some Collection<UInt8>, isBytewise: Bool = false) {
        if sent > output.count / 2 {
            output.removeSubrange(..<sent)
            sent = 0
        }
        output += bytes
        if isBytewise { self.isBytewise = true }
        waitForFlush()
    }

    private func waitForFlush() {
        guard !isWaitingForFlush else { return }
        isWaitingForFlush = true
        loop.flushLater(self)
    }

    /// Notes that the request has its answer.
    ///
    /// - Parameter ending: How the connection ends after it; `nil` when another request may follow.
    func didAnswer(ending: Ending?) {
        exchange = nil
        if let ending { phase = .ending(ending) }
        waitForFlush()
    }

    /// Sends what the client takes, and goes on once it has all.
    func flush() {
        isWaitingForFlush = false
        while backlog > 0, !isBlocked {
            if case .closed = phase { return }
            let count = output.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
                return Glibc.send(descriptor, rest.baseAddress, isBytewise ? 1 : rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                guard errno == EAGAIN else { return close() }
                isBlocked = true
                return
            }
            sent += count
            if isBytewise, backlog > 0 {
                isWaitingForFlush = true
                return loop.flushInNextTurn(self)
            }
        }
        if backlog == 0 { didFlush() }
    }

    private func didFlush() {
        output.removeAll(keepingCapacity: output.count <= Self.keptCapacity)
        sent = 0
        isBytewise = false
        switch phase {
        case .open: advance()
        case .ending(.reset):
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            close()
        case .ending(.close):
            // Closed at once, with bytes of the client unread, it would be reset and could take the answer with it.
            shutdown(descriptor, Int32(SHUT_WR))
            phase = .lingering(until: .now + Self.lingerTime)
        case .lingering, .closed: break
        }
    }

    /// Ends the connection at once.
    func close() {
        if case .closed = phase { return }
        phase = .closed
        if let exchange {
            exchange.disconnect()
            if !exchange.isReceived { exchange.stream?.breakOff() }
        }
        exchange = nil
        loop.remove(self)
        Glibc.close(descriptor)
    }
}
