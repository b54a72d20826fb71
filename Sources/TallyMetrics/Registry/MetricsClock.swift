public import TallyWire

/// Time as the registry and its exports see it, so that a test can decide it.
public struct MetricsClock: Sendable {
    /// The clock that only goes forward: windows.
    public var now: @Sendable () -> ContinuousClock.Instant
    /// The clock on the wall: what is told to others.
    public var wallTime: @Sendable () -> Timestamp
    /// Waits, and throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// Creates a clock.
    ///
    /// - Parameters:
    ///   - now: The clock that only goes forward.
    ///   - wallTime: The clock on the wall.
    ///   - sleep: Waits, and throws when the task is cancelled.
    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        wallTime: @escaping @Sendable () -> Timestamp = { .now() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.now = now
        self.wallTime = wallTime
        self.sleep = sleep
    }

    /// The clocks of the system.
    public static let system = MetricsClock()
}
