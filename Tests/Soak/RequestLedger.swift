import Synchronization

/// What the server has seen.
final class RequestLedger: Sendable {
    /// The counts, as they are reported.
    struct Report: Codable {
        /// Requests of which at least one byte arrived.
        var requests = 0
        /// Those of them whose headers did not arrive whole.
        var nameless = 0
        /// Those of them that arrived when their connection was half closed already.
        var afterClose = 0
        /// Whole headers by operation.
        var operations: [String: Int] = [:]
        /// Whole headers by call.
        var calls: [Int: Int] = [:]
        /// What was counted for each invocation.
        var invocations: [Int: InvocationFigures] = [:]
        /// What went wrong, how often.
        var faults: [String: Int] = [:]
        /// Connections accepted.
        var connections = 0
        /// Connections that had not ended when the report was made.
        var open = 0
    }

    private let state = Mutex(Report())
    private let open = Atomic(0)

    /// The counts so far.
    var report: Report {
        state.withLock { report in
            report.open = openConnections
            return report
        }
    }
    /// Connections that are still served.
    var openConnections: Int { open.load(ordering: .acquiring) }

    func connectionBegan() {
        open.add(1, ordering: .relaxed)
        state.withLock { $0.connections += 1 }
    }

    func connectionEnded() {
        open.subtract(1, ordering: .releasing)
    }

    /// Counts a request, and tells which of its call it is, from 0.
    func count(_ request: RequestHead, isAfterClose: Bool) -> Int {
        state.withLock { report in
            report.requests += 1
            report.afterClose += isAfterClose ? 1 : 0
            report.operations[request.operation, default: 0] += 1
            let isFirst = report.calls[request.call] == nil
            report.invocations[request.invocation, default: InvocationFigures()].count(isFirst: isFirst)
            defer { report.calls[request.call, default: 0] += 1 }
            return report.calls[request.call] ?? 0
        }
    }

    /// Counts what an answer is worth.
    ///
    /// - Parameters:
    ///   - request: What was answered.
    ///   - bytesSent: Content bytes of an object that went out.
    ///   - isAccepted: Whether the client has the whole answer and finds nothing wrong with it.
    func count(_ request: RequestHead, bytesSent: Int, isAccepted: Bool) {
        state.withLock {
            $0.invocations[request.invocation, default: InvocationFigures()]
                .count(request, bytesSent: bytesSent, isAccepted: isAccepted)
        }
    }

    /// Counts a request whose headers never arrived whole.
    func countNameless() {
        state.withLock { report in
            report.requests += 1
            report.nameless += 1
        }
    }

    func count(_ fault: Fault) {
        state.withLock { $0.faults[fault.rawValue, default: 0] += 1 }
    }
}
