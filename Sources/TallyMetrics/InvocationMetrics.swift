/// The metrics of one invocation: what its calls took so far, and what the handler adds to its line.
///
///     context.metrics.add("OrdersPlaced", 1, .count)
///     context.metrics.add("PickingTime", elapsed)                     // a Duration, in milliseconds
///     context.metrics.addDimensions(["shop": "berlin"])
///     context.metrics.setProperty("orderId", order.id)
///     context.metrics.separate(dimensions: ["carrier": "dhl"]).add("ParcelsSent", 2, .count)
///     let isCached = context.metrics.kmsCalls == 0
///
/// What is added becomes part of the invocation's line, and so a metric in CloudWatch without a call to it. A metric
/// with one value is a number; with several it is an array of them, of which CloudWatch makes minimum, maximum and
/// percentiles.
///
/// Nothing here throws. What CloudWatch would not take – and it would tell nobody – is refused: counted in the line's
/// property `rejectedMetrics`, and told in one warning for each name. At level `none` nothing is stored.
///
/// May be used from any thread; what is added after the invocation's line is written is counted in the next line's
/// `lateMetrics` and not told otherwise than by a warning.
@dynamicMemberLookup
public struct InvocationMetrics: MetricAdding {
    private let scope: MetricsScope?

    package init(of scope: MetricsScope?) {
        self.scope = scope
    }

    /// Those of no invocation.
    package static let unrecorded = InvocationMetrics(of: nil)

    /// The metrics of the scope in force; outside any, nothing is taken.
    public static var current: InvocationMetrics { InvocationMetrics(of: .current) }

    // MARK: - Reading

    /// What the calls took so far.
    public var snapshot: MetricsSnapshot { scope?.snapshot() ?? .unrecorded }

    /// A figure of ``snapshot``, such as `kmsCalls`.
    public subscript<Figure>(dynamicMember figure: KeyPath<MetricsSnapshot, Figure>) -> Figure {
        snapshot[keyPath: figure]
    }

    /// The values that were added to a metric so far, for a test to look at.
    ///
    /// - Parameter name: The metric's name.
    /// - Returns: The values in their order; empty when there are none.
    public func values(of name: String) -> [Double] {
        scope?.userMetrics()?.values(of: name) ?? []
    }

    /// Why calls were throttled so far, and for which items they were; see ``trackKeys()``.
    public var details: CallDetails { scope?.details() ?? CallDetails() }

    // MARK: - Adding

    /// Counts the calls for each item from here on, so that the line's `hotKeys` names the twenty with most of them.
    ///
    /// Keys are told as hashes only: whoever knows a key can find it in the log, and nobody can read it there. Items
    /// that DynamoDB throttles because of their partition are told without this, too.
    public func trackKeys() {
        scope?.trackKeys()
    }

    /// Adds a value to a metric of the invocation's line.
    public func add(_ name: String, _ value: Double, _ unit: MetricUnit, resolution: MetricResolution) {
        MetricsScope.add(.value(value, name: name, unit, resolution, at: nil), in: scope)
    }

    /// Publishes what is added to this invocation's line under one more set of dimensions: `service`, the function's
    /// own and these.
    ///
    /// It holds for all metrics that the handler adds to the line, before and after, and not for Tally's own. Each set
    /// makes further metrics, which CloudWatch charges for: for each value of a dimension another one of each name.
    /// What has many values – a customer, a key, a request – is better set as a property.
    ///
    /// - Parameter dimensions: Names (1 to 250 characters) and values (1 to 1024), printable ASCII; 30 in all, `service`
    ///   among them.
    public func addDimensions(_ dimensions: KeyValuePairs<String, String>) {
        MetricsScope.add(.dimensions(dimensions.map(MetricDimension.init)), in: scope)
    }

    /// Sets a member of the invocation's line that is no metric, to be queried in Logs Insights.
    ///
    /// - Parameters:
    ///   - name: The member's name: 1 to 255 printable ASCII characters, no name that the line uses itself.
    ///   - value: The value, in place of an earlier one. All of an invocation's have room for 64 KiB.
    public func setProperty(_ name: String, _ value: some LogValue) {
        guard let scope, scope.isRecording else { return MetricsScope.add(.property(name: name, json: nil), in: scope) }
        MetricsScope.add(.property(name: name, json: value.checkedJSON), in: scope)
    }

    /// Metrics with dimensions or a namespace of their own, which go to lines of their own.
    ///
    /// Such a line repeats what identifies the invocation, and has the property `part`.
    ///
    /// - Parameters:
    ///   - namespace: The CloudWatch namespace, the function's when `nil`: 1 to 255 letters, digits and `.-_/#:`.
    ///   - dimensions: The one set of dimensions is `service`, the function's own and these.
    /// - Returns: What takes the metrics.
    public func separate(
        namespace: String? = nil, dimensions: KeyValuePairs<String, String> = [:]
    ) -> SeparateMetrics {
        let place = MetricAddition.Place(namespace: namespace, dimensions: dimensions.map(MetricDimension.init))
        return SeparateMetrics(scope: scope, place: place)
    }
}

extension InvocationMetrics: CustomStringConvertible {
    /// The calls' figures as a table for people.
    public var description: String { snapshot.description }
}
