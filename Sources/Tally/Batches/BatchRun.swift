import Synchronization
import TallyMetrics
import TallyRuntime
import TallyWire

/// Handles the records of one event, each once or not at all.
struct BatchRun<Record: Sendable>: Sendable {
    enum Outcome: Sendable {
        case handled
        case failed(any Error)
        /// What should have been in the record is not.
        case undecodable(JSONDecodingError)
        /// Not begun: it comes again.
        case left
    }

    /// How far the run has come, for all that work at it.
    private final class Progress: Sendable {
        private struct State {
            var outcomes: [Outcome]
            var nextLane = 0
            var firstFailure = Int.max
        }

        private let state: Mutex<State>

        init(count: Int) {
            state = Mutex(State(outcomes: Array(repeating: .left, count: count)))
        }

        var outcomes: [Outcome] { state.withLock { $0.outcomes } }

        /// The number of the next lane; it may be beyond the last.
        func takeLane() -> Int {
            state.withLock { state in
                defer { state.nextLane += 1 }
                return state.nextLane
            }
        }

        func hasFailed(before number: Int) -> Bool {
            state.withLock { number > $0.firstFailure }
        }

        func enter(_ outcome: Outcome, of number: Int) {
            state.withLock { state in
                state.outcomes[number] = outcome
                if !outcome.isHandled { state.firstFailure = min(state.firstFailure, number) }
            }
        }
    }

    let records: [Record]
    /// The numbers of the records, those together that are handled one after another: behind one that fails none is
    /// begun.
    let lanes: [[Int]]
    /// Whether Lambda delivers all records again from the first that failed, so that none behind it is begun.
    let comesAgainFromFirstFailure: Bool
    let id: @Sendable (Record) -> String

    /// Handles the records.
    ///
    /// - Parameters:
    ///   - context: Of the invocation.
    ///   - concurrency: How many are handled at once; 1 or more.
    ///   - reserve: With less time left none is begun.
    ///   - handle: Handles one.
    /// - Returns: The answer to the event.
    func response(
        _ context: Context, concurrency: Int, reserve: Duration,
        _ handle: @escaping @Sendable (Record) async throws -> Void
    ) async -> BatchResponse {
        // Not `precondition`, whose message is not printed under -O.
        guard concurrency >= 1 else { fatalError("process: the concurrency is \(concurrency). Use 1 or more") }
        let outcomes = await outcomes(context, concurrency, reserve, handle)
        report(outcomes, to: context)
        let failures = zip(records, outcomes).filter { !$0.1.isHandled }.map { id($0.0) }
        return BatchResponse(failures: comesAgainFromFirstFailure ? Array(failures.prefix(1)) : failures)
    }

    private func outcomes(
        _ context: Context, _ concurrency: Int, _ reserve: Duration,
        _ handle: @escaping @Sendable (Record) async throws -> Void
    ) async -> [Outcome] {
        let progress = Progress(count: records.count)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<min(concurrency, lanes.count) {
                group.addTask { await work(progress, context, reserve, handle) }
            }
        }
        return progress.outcomes
    }

    /// Takes one lane after another until none is left, or no time.
    private func work(
        _ progress: Progress, _ context: Context, _ reserve: Duration,
        _ handle: @Sendable (Record) async throws -> Void
    ) async {
        while true {
            let lane = progress.takeLane()
            guard lane < lanes.count else { return }
            for number in lanes[lane] {
                if Task.isCancelled || context.remainingTime <= reserve { return }
                if comesAgainFromFirstFailure, progress.hasFailed(before: number) { break }
                let outcome = await outcome(of: number, handle)
                progress.enter(outcome, of: number)
                if !outcome.isHandled { break }
            }
        }
    }

    private func outcome(of number: Int, _ handle: @Sendable (Record) async throws -> Void) async -> Outcome {
        do {
            try await handle(records[number])
            return .handled
        } catch let error as UndecodableRecord {
            return .undecodable(error.cause)
        } catch {
            return .failed(error)
        }
    }

    // MARK: - Telling

    private func report(_ outcomes: [Outcome], to context: Context) {
        var counts = (handled: 0, failed: 0, undecodable: 0, left: 0)
        for (record, outcome) in zip(records, outcomes) {
            switch outcome {
            case .handled: counts.handled += 1
            case .left: counts.left += 1
            case .failed(let error):
                counts.failed += 1
                context.logger.warning(
                    "a record failed", ["record": id(record), "error": "\(type(of: error))", "reason": "\(error)"])
            case .undecodable(let error):
                counts.undecodable += 1
                context.logger.warning(
                    "a record is not what the function expects", ["record": id(record), "reason": "\(error)"])
            }
        }
        if counts.left > 0 {
            context.logger.warning("records were not begun and come again", ["records": counts.left])
        }
        context.metrics.add("RecordsHandled", Double(counts.handled), .count)
        context.metrics.add("RecordsFailed", Double(counts.failed), .count)
        context.metrics.add("RecordsUndecodable", Double(counts.undecodable), .count)
        context.metrics.add("RecordsLeft", Double(counts.left), .count)
    }
}

extension BatchRun.Outcome {
    fileprivate var isHandled: Bool {
        if case .handled = self { true } else { false }
    }
}

extension BatchRun {
    /// Of a stream: in its order, with a concurrency above 1 only those of one key.
    init(
        stream records: [Record], keys: @autoclosure () -> [some Hashable], concurrency: Int,
        number: @escaping @Sendable (Record) -> String
    ) {
        let lanes = concurrency > 1 ? Self.lanes(by: keys()) : [Array(records.indices)]
        self.init(records: records, lanes: lanes, comesAgainFromFirstFailure: true, id: number)
    }

    /// Records of one key behind one another, keys in the order in which they come first.
    static func lanes<Key: Hashable>(by keys: [Key]) -> [[Int]] {
        var lanes: [[Int]] = []
        var places: [Key: Int] = [:]
        for (number, key) in keys.enumerated() {
            if let place = places[key] {
                lanes[place].append(number)
            } else {
                places[key] = lanes.count
                lanes.append([number])
            }
        }
        return lanes
    }
}

/// That a record's content does not decode, apart from what its handler may throw.
struct UndecodableRecord: Error {
    let cause: JSONDecodingError

    /// Decodes a record's content.
    static func decode<Content: Decodable>(_ type: Content.Type, from bytes: [UInt8]) throws -> Content {
        do {
            return try JSONCoder().decode(type, from: bytes)
        } catch let error as JSONDecodingError {
            throw UndecodableRecord(cause: error)
        }
    }
}
