package import TallyWire

/// Time and chance as calls see them, so that tests can decide both.
package struct CallEffects: Sendable {
    /// The clock that only goes forward: durations, deadlines.
    package var now: @Sendable () -> Moment
    /// The wall clock: signatures.
    package var wallTime: @Sendable () -> Timestamp
    /// A number from 0 up to 1: jitter.
    package var random: @Sendable () -> Double
    /// Waits, and throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Moment = { .now },
        wallTime: @escaping @Sendable () -> Timestamp = { .now() },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.wallTime = wallTime
        self.random = random
        self.sleep = sleep
    }

    /// The time since `began`; none where nobody asked when that was.
    package func elapsed(since began: Moment?) -> Duration {
        began.map { $0.duration(to: now()) } ?? .zero
    }
}
