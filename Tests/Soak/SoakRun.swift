import Foundation
import Synchronization
import TallyAWS
import TallyHTTP
import TallyMetrics

/// Makes the calls of a run, so many side by side, and measures what they leave behind.
struct SoakRun {
    /// What the process held on the way.
    struct States: Codable {
        /// Before the transport was made, but with everything loaded that a first call loads.
        var before: ProcessState
        /// After a fifth of the calls.
        var early: ProcessState
        /// After the last.
        var late: ProcessState
        /// When the transport was gone.
        var after: ProcessState
    }

    static let width = 64
    private static let invocationSize = 100

    let plan: SoakPlan
    let count: Int
    private let scope = MetricsScope()
    private let outcomes: CallOutcomes

    init(plan: SoakPlan, count: Int) {
        self.plan = plan
        self.count = count
        outcomes = CallOutcomes(of: count + count / 20)
    }

    /// Makes all calls.
    func run() async throws -> SoakReport {
        let server = try ServerProcess(plan)
        // Dispatch opens descriptors of its own with the first timer.
        try await Task.sleep(for: .milliseconds(1))
        let idle = ProcessState.descriptors
        let (warm, early) = (count / 20, count / 20 + count / 5)
        _ = try await calls(0..<warm, measuredAfter: [], to: server.port)
        try await settle { ProcessState.descriptors <= idle }
        let before = ProcessState.now
        let began = ContinuousClock.now
        let states = try await calls(warm..<(count + warm), measuredAfter: [early, count + warm], to: server.port)
        let duration = began.duration(to: .now)
        // The loop's thread closes its connections when it comes to its end.
        try await settle { ProcessState.descriptors <= before.descriptors }
        let after = ProcessState.now
        let seen = try server.report()
        try server.stop()
        return SoakReport(
            count: count + warm, seen: seen, outcomes: outcomes.counts, recorded: scope.snapshot(),
            lateCalls: MetricsScope.lateCalls,
            states: States(before: before, early: states[0], late: states[1], after: after),
            seconds: duration / .seconds(1))
    }

    /// Makes calls on a transport of their own, and tells what the process held after some of them.
    private func calls(_ calls: Range<Int>, measuredAfter marks: [Int], to port: Int) async throws -> [ProcessState] {
        let transport = CurlTransport()
        let caller = SoakCaller(try client(transport, port))
        var states: [ProcessState] = []
        var first = calls.lowerBound
        for end in marks.isEmpty ? [calls.upperBound] : marks {
            if plan.kind == .invocations {
                await invocationsSideBySide(first..<end, caller)
            } else {
                await sideBySide(first..<end, caller)
            }
            // The loop obeys in order: what was dropped or cancelled before has come to its end after it.
            try await transport.sleep(for: .milliseconds(1))
            states.append(.now)
            first = end
        }
        return states
    }

    private func client(_ transport: CurlTransport, _ port: Int) throws -> ServiceClient {
        let url = "http://127.0.0.1:\(port)"
        return ServiceClient(
            transport: transport, region: "us-east-1",
            credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
            endpoints: try Endpoints(overrides: [.dynamoDB: url, .kms: url, .s3: url]), retry: .standard,
            middleware: [CallHeader(plan: plan)],
            // A hundredth of every wait: hundreds of milliseconds become a few.
            effects: CallEffects { try await transport.sleep(for: $0 / 100) })
    }

    private func sideBySide(_ calls: Range<Int>, _ caller: SoakCaller) async {
        let next = Counter(calls.lowerBound)
        await withTaskGroup { group in
            for _ in 0..<Self.width {
                group.addTask {
                    while true {
                        let call = next.next()
                        guard call < calls.upperBound else { break }
                        await make(call, caller)
                    }
                }
            }
        }
    }

    /// Makes the calls in invocations of a hundred, four at a time in each.
    private func invocationsSideBySide(_ calls: Range<Int>, _ caller: SoakCaller) async {
        let first = outcomes.counts.invocations.count
        let rest = Counter(0)
        await withTaskGroup { group in
            for _ in 0..<Self.width {
                group.addTask {
                    while true {
                        let number = rest.next()
                        let start = calls.lowerBound + number * Self.invocationSize
                        guard start < calls.upperBound else { break }
                        let end = min(start + Self.invocationSize, calls.upperBound)
                        await invocation(first + number, start..<end, caller)
                    }
                }
            }
        }
    }

    /// Makes an invocation's calls in a scope of its own, which no other shares.
    private func invocation(_ number: Int, _ calls: Range<Int>, _ caller: SoakCaller) async {
        let scope = MetricsScope(InvocationInfo(requestID: "\(number)"), parent: scope)
        await CallHeader.$invocation.withValue(number) {
            await MetricsScope.$current.withValue(scope) {
                let next = Counter(calls.lowerBound)
                await withTaskGroup { group in
                    for _ in 0..<4 {
                        group.addTask {
                            while true {
                                let call = next.next()
                                guard call < calls.upperBound else { break }
                                await make(call, caller, in: scope)
                            }
                        }
                    }
                }
            }
        }
        outcomes.enter(invocation: number, InvocationFigures(scope.snapshot()))
    }

    /// Makes a call in a scope of its own within the run's.
    private func make(_ call: Int, _ caller: SoakCaller) async {
        await make(call, caller, in: scope)
    }

    private func make(_ call: Int, _ caller: SoakCaller, in scope: MetricsScope) async {
        let own = MetricsScope(parent: scope)
        let task = Task {
            try await MetricsScope.$current.withValue(own) {
                try await CallHeader.$call.withValue(call) {
                    try await caller.make(plan.operation(of: call), call: call)
                }
            }
        }
        var cancelled: ContinuousClock.Instant?
        if case .cancelled(let wait) = plan.ending(of: call) {
            try? await Task.sleep(for: wait)
            task.cancel()
            cancelled = .now
        }
        let result = await task.result
        if let cancelled { outcomes.enter(call, waitAfterCancellation: cancelled.duration(to: .now)) }
        let attempts = own.snapshot().operations.reduce(0) { $0 + $1.totals.attempts }
        outcomes.enter(call, result, attempts: attempts, hasToSucceed: plan.hasToSucceed(call))
    }

    /// Waits until something is so, 10 s at most; what is judged is what is so then.
    private func settle(until isDone: () -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(10)
        while !isDone(), .now < limit { try await Task.sleep(for: .milliseconds(5)) }
    }
}

/// Hands out numbers, each once.
private final class Counter: Sendable {
    private let value: Atomic<Int>

    init(_ first: Int) {
        value = Atomic(first)
    }

    func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}
