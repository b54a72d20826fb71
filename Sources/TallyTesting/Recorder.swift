import Synchronization
import TallyMetrics
import TallyWire

/// Keeps what a function logs, by request.
final class Recorder: LogHandler {
    private struct State {
        var logs: [LogEntry] = []
        var lines: [(requestID: String?, text: String)] = []
    }

    /// Of a line of metrics, what says whose it is.
    private struct Owner: Decodable {
        let requestId: String?
    }

    private let state = Mutex(State())

    func handle(_ entry: LogEntry) {
        state.withLock { $0.logs.append(entry) }
    }

    func take(lines: [UInt8]) {
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            let owner = try? JSONCoder().decode(Owner.self, from: Array(line))
            state.withLock { $0.lines.append((owner?.requestId, String(decoding: line, as: UTF8.self))) }
        }
    }

    /// Takes out what belongs to a request, or to none.
    func drain(_ requestID: String?) -> (logs: [LogEntry], lines: [String]) {
        state.withLock { state in
            let logs = state.logs.filter { $0.invocation.requestID == requestID }
            let lines = state.lines.filter { $0.requestID == requestID }.map(\.text)
            state.logs.removeAll { $0.invocation.requestID == requestID }
            state.lines.removeAll { $0.requestID == requestID }
            return (logs, lines)
        }
    }
}
