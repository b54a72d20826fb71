import Glibc
import Synchronization

/// One connection of the server: reads requests, counts each, and does to it what the plan says.
///
/// Connections are ended in two ways. One is half closed and read to its end: whatever the client sends before it
/// notices is read and counted. The other is reset, with a request under way that has been counted: nothing follows on
/// such a connection. So the server knows each request that was put on a wire; only ``Fault/vanish`` loses some.
final class FaultConnection {
    private enum Next {
        case request
        case drain
        case end
    }

    private let socket: Int32
    private let plan: SoakPlan
    private let ledger: RequestLedger
    private var buffer: [UInt8] = []
    private var piece = [UInt8](repeating: 0, count: 65_536)

    init(_ socket: Int32, plan: SoakPlan, ledger: RequestLedger) {
        self.socket = socket
        self.plan = plan
        self.ledger = ledger
    }

    /// Serves until the connection has ended, and closes it.
    func run() {
        defer {
            close(socket)
            ledger.connectionEnded()
        }
        var isHalfClosed = false
        while let request = readHead() {
            let arrival = ledger.count(request, isAfterClose: isHalfClosed)
            if isHalfClosed {
                guard readBody(request.bodyLength) else { return }
                continue
            }
            let fault = plan.fault(of: request.call, arrival: arrival)
            ledger.count(fault)
            if fault == .resetUpload { return reset() }
            guard readBody(request.bodyLength) else { return }
            switch answer(request, fault, pace: plan.number(below: 16, for: request.call, arrival: arrival)) {
            case .request: continue
            case .end: return
            case .drain:
                shutdown(socket, Int32(SHUT_WR))
                isHalfClosed = true
            }
        }
    }

    // MARK: - Answers

    private func answer(_ request: RequestHead, _ fault: Fault, pace: Int) -> Next {
        switch fault {
        case .throttle, .serverError, .unavailable: send(Self.failure(fault, request))
        case .garbage:
            send(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))
            return .drain
        case .silence: return .request
        case .closeUnanswered: return .drain
        case .reset:
            reset()
            return .end
        default:
            let answer = Answer(to: request, hasRightChecksum: fault != .wrongChecksum)
            count(answer, to: request, fault)
            return deliver(answer, fault, pace: pace)
        }
        return .request
    }

    /// Counts, before it goes out, what the client will find in the answer.
    private func count(_ answer: Answer, to request: RequestHead, _ fault: Fault) {
        let content = request.operation == "GetObject" ? answer.body.count : 0
        switch fault {
        case .resetAfterStatus, .cutHead: return
        case .resetBody: return
        case .cutBody:
            // Half of nothing is all of it.
            ledger.count(request, bytesSent: content / 2, isAccepted: answer.body.isEmpty)
        case .wrongChecksum:
            // An upload's answer has no checksum, and that of a part is not the whole object's.
            let isUnseen = request.operation == "PutObject" || request.operation == "HeadObject"
            ledger.count(request, bytesSent: content, isAccepted: isUnseen)
        default: ledger.count(request, bytesSent: content, isAccepted: true)
        }
    }

    private func deliver(_ answer: Answer, _ fault: Fault, pace: Int) -> Next {
        let (head, half) = (Array(answer.head.utf8), answer.body.prefix(answer.body.count / 2))
        let statusLine = Array(head.prefix { $0 != 10 }) + [10]
        switch fault {
        case .resetAfterStatus, .resetBody:
            // Without a body the answer would be whole, and the reset one of an idle connection.
            let hasBody = fault == .resetBody && !answer.body.isEmpty
            send(hasBody ? head + half : statusLine)
            reset()
            return .end
        case .cutHead, .cutBody:
            send(fault == .cutBody ? head + half : statusLine)
            return .drain
        case .delay:
            pause(pace)
            send(answer)
        case .drip:
            let all = head + answer.body
            let size = max(64, all.count / 8)
            for start in stride(from: 0, to: all.count, by: size) {
                send(Array(all[start..<min(all.count, start + size)]))
                pause(1)
            }
        case .interim:
            send(Array("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".utf8))
            send(answer)
        case .lastAnswer:
            var last = answer
            last.head = answer.head.replacingLastLine(with: "Connection: close\r\n\r\n")
            send(last)
            return .drain
        case .closeIdle:
            send(answer)
            pause(pace / 4)
            return .drain
        case .vanish:
            send(answer)
            waitForArrival()
            pause(pace / 4)
            reset()
            return .end
        default: send(answer)
        }
        return .request
    }

    private static func failure(_ fault: Fault, _ request: RequestHead) -> Answer {
        let isObject = request.operation.hasSuffix("Object")
        let (status, code) =
            switch fault {
            case .throttle: isObject ? ("503 Slow Down", "SlowDown") : ("400 Bad Request", "ThrottlingException")
            case .unavailable: ("503 Service Unavailable", "ServiceUnavailable")
            default: ("500 Internal Server Error", "InternalError")
            }
        let text = isObject ? "<Error><Code>\(code)</Code></Error>" : #"{"__type":"\#(code)","message":"soak"}"#
        let body = Array(text.utf8)
        return request.operation == "HeadObject"
            ? Answer(status, length: body.count) : Answer(status, ["x-amz-retry-after: 0"], body)
    }

    // MARK: - The socket

    private func send(_ answer: Answer) { send(Array(answer.head.utf8) + answer.body) }

    private func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    private func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    /// Waits until the client's machine has what was sent: a reset takes back what has not arrived.
    private func waitForArrival() {
        var left: Int32 = 1
        for _ in 0..<1_000 where left > 0 && ioctl(socket, UInt(TIOCOUTQ), &left) == 0 && left > 0 { pause(1) }
    }

    private func pause(_ milliseconds: Int) { usleep(UInt32(milliseconds * 1_000)) }

    /// The next request's head; `nil` at the connection's end.
    private func readHead() -> RequestHead? {
        while true {
            if let end = endOfHead() {
                let text = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end)
                guard let head = RequestHead(text) else { fatalError("soak: a request of nobody's:\n\(text)") }
                return head
            }
            guard receive() else {
                if !buffer.isEmpty { ledger.countNameless() }
                return nil
            }
        }
    }

    /// Where the empty line ends.
    private func endOfHead() -> Int? {
        buffer.withUnsafeBytes { bytes in
            var position = 0
            while let start = bytes.baseAddress, let found = memchr(start + position, 10, bytes.count - position) {
                position = UnsafeRawPointer(found) - start + 1
                if position >= 4, bytes[position - 3] == 10, bytes[position - 2] == 13 { return position }
            }
            return nil
        }
    }

    /// Reads a body and forgets it; `false` when the connection ends before.
    private func readBody(_ length: Int) -> Bool {
        var left = length
        while true {
            let taken = min(left, buffer.count)
            buffer.removeFirst(taken)
            left -= taken
            if left == 0 { return true }
            guard receive() else { return false }
        }
    }

    private func receive() -> Bool {
        let count = recv(socket, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer += piece[..<count]
        return true
    }
}

extension String {
    /// The head of a response with something else for the empty line at its end.
    fileprivate func replacingLastLine(with line: String) -> String { dropLast() + line }
}
