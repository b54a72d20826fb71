import Synchronization

@testable import TallyMetrics

/// A sink that does what a test says, and keeps what it took.
final class TestSink: MetricSink {
    let name: String
    let kept = InMemorySink()
    private let attempts = Mutex(0)
    private let opening: @Sendable (Int) async throws -> Void
    private let exporting: @Sendable (Int, MetricBatch) async throws -> Void
    private let openings = Mutex(0)

    /// Creates a sink; the numbers count its exports and its openings from 1.
    init(
        _ name: String, exporting: @escaping @Sendable (Int, MetricBatch) async throws -> Void = { _, _ in },
        opening: @escaping @Sendable (Int) async throws -> Void = { _ in }
    ) {
        self.name = name
        self.opening = opening
        self.exporting = exporting
    }

    var attemptCount: Int { attempts.withLock { $0 } }

    func open() async throws {
        let number = openings.withLock { count in
            count += 1
            return count
        }
        try await opening(number)
    }

    func export(_ batch: MetricBatch) async throws {
        let number = attempts.withLock { count in
            count += 1
            return count
        }
        try await exporting(number, batch)
        try await kept.export(batch)
    }
}

/// Holds back who waits for it, whatever is cancelled, until a test lets go.
final class Stall: Sendable {
    private struct State {
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    func end() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

struct SinkFailure: Error {}

extension MetricKey {
    static let parcels = MetricKey("Parcels", unit: .count)
    static let picking = MetricKey("PickingTime", unit: .milliseconds)
    static let load = MetricKey("Load", kind: .gauge)
}
