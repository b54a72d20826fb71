public import TallyWire

/// What was observed of one metric in the last 60 seconds, at one moment.
public struct MetricWindow: Sendable, Hashable {
    /// The metric.
    public let key: MetricKey
    /// How many observations.
    public let count: Int
    /// All of them together.
    public let sum: Double
    /// The least, `nil` when there was none.
    public let minimum: Double?
    /// The greatest, `nil` when there was none.
    public let maximum: Double?
    /// The beginning of the first second with an observation, `nil` when there was none.
    public let start: Timestamp?
    /// The end of the last second with an observation, or now where it has not ended; `nil` when there was none.
    public let end: Timestamp?

    /// The mean, `nil` when there was nothing.
    public var average: Double? { count == 0 ? nil : sum / Double(count) }

    init(_ key: MetricKey, _ contents: RollingWindow.Contents, at moment: RegistryMoment) {
        self.key = key
        count = contents.count
        sum = contents.sum
        minimum = contents.minimum
        maximum = contents.maximum
        start = contents.seconds.map { moment.beginning(of: $0.lowerBound) }
        end = contents.seconds.map { min(moment.beginning(of: $0.upperBound + 1), moment.time) }
    }
}

/// A moment on both of the registry's clocks.
struct RegistryMoment {
    /// The running second, counted from the registry's beginning.
    let second: Int
    /// How much of it has passed.
    let fraction: Duration
    let time: Timestamp

    init(_ clock: MetricsClock, since origin: ContinuousClock.Instant) {
        let elapsed = max(origin.duration(to: clock.now()), .zero)
        second = Int(elapsed.components.seconds)
        fraction = elapsed - .seconds(second)
        time = clock.wallTime()
    }

    /// The time of day at which a second began.
    func beginning(of other: Int) -> Timestamp {
        time + (.seconds(other - second) - fraction)
    }
}
