/// What takes a handler's metrics: ``InvocationMetrics`` for the invocation's line, ``SeparateMetrics`` for lines of
/// their own.
public protocol MetricAdding: Sendable {
    /// Adds a value to a metric.
    ///
    /// - Parameters:
    ///   - name: The metric's name: 1 to 255 printable ASCII characters, no name that the line uses itself.
    ///   - value: Finite, between -2^360 and 2^360.
    ///   - unit: The unit; all values of a name must have the first one's.
    ///   - resolution: How finely CloudWatch stores the metric, which must be the same for all values of a name, too.
    func add(_ name: String, _ value: Double, _ unit: MetricUnit, resolution: MetricResolution)
}

extension MetricAdding {
    /// Adds a value to a metric, of no unit and of standard resolution unless they are given.
    ///
    /// - Parameters:
    ///   - name: The metric's name: 1 to 255 printable ASCII characters, no name that the line uses itself.
    ///   - value: Finite, between -2^360 and 2^360.
    ///   - unit: The unit; all values of a name must have the first one's.
    public func add(_ name: String, _ value: Double, _ unit: MetricUnit = .none) {
        add(name, value, unit, resolution: .standard)
    }

    /// Adds a whole number to a metric.
    ///
    /// - Parameters:
    ///   - name: The metric's name: 1 to 255 printable ASCII characters, no name that the line uses itself.
    ///   - value: The number; beyond 2^53 it is rounded, as CloudWatch does.
    ///   - unit: The unit; all values of a name must have the first one's.
    ///   - resolution: How finely CloudWatch stores the metric, which must be the same for all values of a name, too.
    public func add(
        _ name: String, _ value: Int, _ unit: MetricUnit = .none, resolution: MetricResolution = .standard
    ) {
        add(name, Double(value), unit, resolution: resolution)
    }

    /// Adds a duration to a metric, in milliseconds.
    ///
    /// - Parameters:
    ///   - name: The metric's name: 1 to 255 printable ASCII characters, no name that the line uses itself.
    ///   - duration: The duration; it is rounded to microseconds.
    ///   - resolution: How finely CloudWatch stores the metric, which must be the same for all values of a name, too.
    public func add(_ name: String, _ duration: Duration, resolution: MetricResolution = .standard) {
        add(name, duration.roundedMilliseconds, .milliseconds, resolution: resolution)
    }
}

extension Duration {
    /// Milliseconds with three decimals, as the line's own durations have.
    var roundedMilliseconds: Double { (self / .microseconds(1)).rounded() / 1000 }
}
