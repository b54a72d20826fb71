import Synchronization
import TallyTestServer
import TallyWire

@testable import TallyMetrics

/// Time that passes only when a test says so.
final class ManualClock: Sendable {
    private struct Sleeper {
        let end: ContinuousClock.Instant
        let duration: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var elapsed = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var sleepCount = 0
        var reads = 0
    }

    static let wallStart = Timestamp(milliseconds: 1_795_219_143_000)

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// How often a clock was read.
    var reads: Int { state.withLock { $0.reads } }

    var wall: Timestamp { Self.wallStart + state.withLock { $0.elapsed } }

    var clock: MetricsClock {
        MetricsClock(
            now: {
                self.state.withLock { state in
                    state.reads += 1
                    return self.start + state.elapsed
                }
            },
            wallTime: {
                self.state.withLock { state in
                    state.reads += 1
                    return Self.wallStart + state.elapsed
                }
            },
            sleep: { try await self.sleep(for: $0) })
    }

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.elapsed += duration
            let now = start + state.elapsed
            let due = state.sleepers.filter { $0.value.end <= now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Waits until somebody sleeps for that long.
    func untilSleeping(for duration: Duration) async throws {
        try await Waiting.until("a sleep of \(duration)") {
            self.state.withLock { $0.sleepers.values.contains { $0.duration == duration } }
        }
    }

    private func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.sleepCount += 1
            return state.sleepCount
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    // Under the lock: who cancels comes before it or after.
                    guard !Task.isCancelled else { return true }
                    state.sleepers[id] = Sleeper(
                        end: start + state.elapsed + duration, duration: duration, continuation: continuation)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
