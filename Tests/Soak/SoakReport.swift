import TallyMetrics

/// What a run has shown, and what is wrong with it.
struct SoakReport: Codable {
    var calls: Int
    var requests: Int
    var succeeded: Int
    var failed: [String: Int]
    var faults: [String: Int]
    var operations: [String: Int]
    var afterClose: Int
    /// Invocations whose figures were compared.
    var invocations = 0
    var connections: Int
    var states: SoakRun.States
    var seconds: Double
    /// Attempts that were recorded and that the server has not seen.
    var unseen: Int
    /// What must not be; empty when all is well.
    var problems: [String]
}

extension SoakReport {
    // 6 MiB: three times what 50,000 calls were seen to differ by, up and down; a leaked body or handle is far more.
    private static let residentGrowth = 6 << 20
    // 512 KiB: 64 bytes a call, from a fifth of 10,000 calls to the last; a record that is kept takes several times
    // that. Connections, handles and the allocator's caches come and go by half of it.
    private static let allocatedGrowth = 512 << 10

    init(
        count: Int, seen: RequestLedger.Report, outcomes: CallOutcomes.Counts, recorded: MetricsSnapshot,
        lateCalls: Int, states: SoakRun.States, seconds: Double
    ) {
        calls = count
        requests = seen.requests
        succeeded = outcomes.succeeded
        failed = outcomes.failed
        faults = seen.faults
        operations = seen.operations
        afterClose = seen.afterClose
        connections = seen.connections
        self.states = states
        self.seconds = seconds
        unseen = 0
        problems = outcomes.mishaps
        if outcomes.ended != count { problems.append("\(outcomes.ended) of \(count) calls ended") }
        if lateCalls != 0 { problems.append("\(lateCalls) calls were recorded in no scope") }
        if seen.open != 0 { problems.append("\(seen.open) connections stayed open") }
        compare(seen, outcomes, recorded)
        if !outcomes.invocations.isEmpty { compare(outcomes.invocations, with: seen.invocations) }
        judge(states)
    }

    /// Compares what the client recorded with what the server saw: in total, by operation and by call.
    ///
    /// A reset that meets a request on its way hides it from every server: so many may be missing there as connections
    /// were reset while idle, and none without such a reset.
    private mutating func compare(
        _ seen: RequestLedger.Report, _ outcomes: CallOutcomes.Counts, _ recorded: MetricsSnapshot
    ) {
        let attempts = recorded.operations.reduce(0) { $0 + $1.totals.attempts }
        let hidden = seen.faults[Fault.vanish.rawValue] ?? 0
        unseen = attempts - seen.requests
        if !(0...hidden).contains(unseen) {
            problems.append("\(attempts) attempts were recorded, the server saw \(seen.requests) requests")
        }
        // What arrived without its headers is in the total and can be told of no operation and no call.
        let slack = hidden + seen.nameless
        for row in recorded.operations {
            let count = seen.operations[row.key.operation] ?? 0
            if !(0...slack).contains(row.totals.attempts - count) {
                problems.append("\(row.key.operation): \(row.totals.attempts) recorded, \(count) seen")
            }
        }
        let known = Set(recorded.operations.map(\.key.operation))
        if !known.isSuperset(of: seen.operations.keys) { problems.append("operations that were seen are not recorded") }
        for (call, attempts) in outcomes.attempts.enumerated() where attempts >= 0 {
            let count = seen.calls[call] ?? 0
            if !(0...slack).contains(attempts - count), problems.count < 20 {
                problems.append("call \(call): \(attempts) attempts recorded, \(count) seen")
            }
        }
        let byCall = outcomes.attempts.reduce(0) { $0 + max(0, $1) }
        if byCall != attempts { problems.append("\(attempts) attempts in all, \(byCall) by call") }
    }

    /// Compares what each invocation's scope recorded with what the server counted for it.
    private mutating func compare(_ recorded: [InvocationFigures], with seen: [Int: InvocationFigures]) {
        if seen.count != recorded.count {
            problems.append("\(recorded.count) invocations were made, \(seen.count) seen")
        }
        for (number, figures) in recorded.enumerated() where problems.count < 20 && seen[number] != figures {
            problems.append("invocation \(number): \(figures) recorded, \(String(describing: seen[number])) seen")
        }
        self.invocations = recorded.count
    }

    private mutating func judge(_ states: SoakRun.States) {
        let (before, early, late, after) = (states.before, states.early, states.late, states.after)
        if after.descriptors != before.descriptors {
            problems.append("\(before.descriptors) descriptors were open before, \(after.descriptors) are after")
        }
        if let first = early.allocatedBytes, let last = late.allocatedBytes {
            if last - first > Self.allocatedGrowth { problems.append("memory in use grew from \(first) to \(last)") }
            if late.residentBytes - early.residentBytes > Self.residentGrowth {
                problems.append("resident memory grew from \(early.residentBytes) to \(late.residentBytes)")
            }
        }
        if let first = before.allocatedBytes, let last = after.allocatedBytes, last - first > Self.allocatedGrowth {
            problems.append("\(first) bytes were in use before, \(last) are after")
        }
    }
}
